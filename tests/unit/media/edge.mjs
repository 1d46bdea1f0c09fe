// Runs one of CloudFront's functions on an event, at a given time and with given keys: one JSON document in, one out.
import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const { code, keys, now, event } = JSON.parse(readFileSync(0, 'utf8'));
const get = async (name) => {
  if (!(name in keys)) throw new Error('KeyNotFound');
  return keys[name];
};
const modules = { cloudfront: { kvs: () => ({ get }) }, crypto };

const context = vm.createContext({ Date: { now: () => now * 1000 } });
// CloudFront finds the handler by its name; a module has to hand it out.
const module = new vm.SourceTextModule(`${code}\nglobalThis.handler = handler;`, { context });
await module.link((name) => {
  const value = modules[name];
  return new vm.SyntheticModule(['default'], function set() { this.setExport('default', value); }, { context });
});
await module.evaluate();

process.stdout.write(JSON.stringify(await context.handler(event)));
