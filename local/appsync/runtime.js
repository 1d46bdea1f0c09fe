// Runs APPSYNC_JS handlers. One request a line on stdin, one answer a line on stdout; see javascript.py.
'use strict';
const vm = require('node:vm');
const crypto = require('node:crypto');
const readline = require('node:readline');

class Stop extends Error {
  constructor(kind, fields) {
    super(fields.message ?? kind);
    this.kind = kind;
    this.fields = fields;
  }
}

/** What a handler leaves behind besides its value. */
const nothing = () => ({ appended: [], subscriptionFilter: null, invalidationFilter: null, invalidations: [] });

/** The same of the handler now running, and how its caller came. */
let state;

const failure = (message, errorType, data, errorInfo) => ({
  message: String(message),
  errorType: errorType ?? null,
  data: data ?? null,
  errorInfo: errorInfo ?? null,
});

const pad = (number, width) => String(number).padStart(width, '0');

/** The handful of java.text patterns that resolvers use. */
function formatted(milliseconds, pattern) {
  const at = new Date(milliseconds);
  const parts = {
    yyyy: pad(at.getUTCFullYear(), 4), MM: pad(at.getUTCMonth() + 1, 2), dd: pad(at.getUTCDate(), 2),
    HH: pad(at.getUTCHours(), 2), mm: pad(at.getUTCMinutes(), 2), ss: pad(at.getUTCSeconds(), 2),
    SSS: pad(at.getUTCMilliseconds(), 3), XXX: 'Z', X: 'Z', Z: '+0000',
  };
  return pattern.replace(/'([^']*)'|yyyy|MM|dd|HH|mm|ss|SSS|XXX|X|Z/g, (token, quoted) => quoted ?? parts[token]);
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function inBase(bytes, alphabet, length) {
  let number = BigInt('0x' + bytes.toString('hex'));
  let text = '';
  for (const base = BigInt(alphabet.length); number > 0n; number /= base) text = alphabet[Number(number % base)] + text;
  return text.padStart(length, '0').slice(-length);
}

function autoUlid() {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(Date.now()));
  return inBase(time, CROCKFORD, 10) + inBase(crypto.randomBytes(10), CROCKFORD, 16);
}

function autoKsuid() {
  const seconds = Buffer.alloc(4);
  seconds.writeUInt32BE(Math.floor(Date.now() / 1000) - 1400000000);
  return inBase(Buffer.concat([seconds, crypto.randomBytes(16)]), BASE62, 27);
}

/** {field: {operator: value}} with and / or, as a filter group: any of the groups, all filters of a group. */
function toSubscriptionFilter(filter) {
  const { or, and, ...fields } = filter ?? {};
  const own = Object.entries(fields).flatMap(([fieldName, tests]) =>
    Object.entries(tests).map(([operator, value]) => ({ fieldName, operator, value })));
  const all = (and ?? []).flatMap((each) => toSubscriptionFilter(each).filterGroup[0]?.filters ?? []);
  const groups = or ? or.flatMap((each) => toSubscriptionFilter(each).filterGroup) : [{ filters: [] }];
  return { filterGroup: groups.map(({ filters }) => ({ filters: [...own, ...all, ...filters] })) };
}

const util = {
  error(message, errorType, data, errorInfo) {
    throw new Stop('error', failure(message, errorType, data, errorInfo));
  },
  appendError(message, errorType, data, errorInfo) {
    state.appended.push(failure(message, errorType, data, errorInfo));
  },
  unauthorized() {
    throw new Stop('unauthorized', {});
  },
  authType: () => state.authType,
  autoId: () => crypto.randomUUID(),
  autoUlid,
  autoKsuid,
  base64Encode: (value) => Buffer.from(value).toString('base64'),
  base64Decode: (value) => Buffer.from(value, 'base64').toString('utf8'),
  urlEncode: (value) => new URLSearchParams([['', value]]).toString().slice(1),
  urlDecode: (value) => decodeURIComponent(String(value).replace(/\+/g, ' ')),
  escapeJavaScript: (value) => JSON.stringify(String(value)).slice(1, -1).replace(/'/g, "\\'"),
  matches: (pattern, value) => new RegExp(`^(?:${pattern})$`).test(value),
  isNull: (value) => value === null || value === undefined,
  defaultIfNull: (value, other) => value ?? other,
  str: { normalize: (value, form) => String(value).normalize(form.toUpperCase()) },
  math: {
    roundNum: Math.round,
    minVal: Math.min,
    maxVal: Math.max,
    randomDouble: Math.random,
    randomWithinRange: (low, high) => crypto.randomInt(low, high),
  },
  time: {
    nowISO8601: () => new Date().toISOString(),
    nowEpochSeconds: () => Math.floor(Date.now() / 1000),
    nowEpochMilliSeconds: () => Date.now(),
    nowFormatted: (pattern) => formatted(Date.now(), pattern),
    parseISO8601ToEpochMilliSeconds: (text) => Date.parse(text),
    epochMilliSecondsToSeconds: (value) => Math.floor(value / 1000),
    epochMilliSecondsToISO8601: (value) => new Date(value).toISOString(),
    epochMilliSecondsToFormatted: (value, pattern) => formatted(value, pattern),
  },
  transform: { toSubscriptionFilter },
};

const runtime = {
  earlyReturn(value, options) {
    throw new Stop('early', { value: value ?? null, skipTo: options?.skipTo });
  },
};

const extensions = {
  setSubscriptionFilter(filter) {
    state.subscriptionFilter = filter;
  },
  setSubscriptionInvalidationFilter(filter) {
    state.invalidationFilter = filter;
  },
  invalidateSubscriptions(invalidation) {
    state.invalidations.push(invalidation);
  },
};

/** A missing member is named instead of being "not a function". */
const named = (object, path) => new Proxy(object, {
  get(target, key) {
    if (typeof key === 'symbol') return target[key];
    if (!(key in target)) throw new TypeError(`${path}.${key} is not supported by this local AppSync`);
    const value = target[key];
    return typeof value === 'object' ? named(value, `${path}.${key}`) : value;
  },
});

const UTILS = { util: named(util, 'util'), runtime: named(runtime, 'runtime'), extensions: named(extensions, 'extensions') };
const log = (...what) => process.stderr.write(what.map((each) => typeof each === 'string' ? each : JSON.stringify(each)).join(' ') + '\n');
const sandbox = vm.createContext({ ...UTILS, console: { log, info: log, warn: log, error: log, debug: log } });
const modules = new Map();

async function link(specifier) {
  if (specifier !== '@aws-appsync/utils') throw new Error(`Cannot import '${specifier}'`);
  const names = Object.keys(UTILS);
  return new vm.SyntheticModule([...names, 'default'], function () {
    for (const name of names) this.setExport(name, UTILS[name]);
    this.setExport('default', UTILS);
  }, { context: sandbox });
}

async function load(key, source) {
  const module = new vm.SourceTextModule(source, { context: sandbox, identifier: key });
  await module.link(link);
  await module.evaluate();
  return module.namespace;
}

const AUTH_TYPES = {
  AWS_IAM: 'IAM Authorization', API_KEY: 'API Key Authorization', AMAZON_COGNITO_USER_POOLS: 'User Pool Authorization',
  OPENID_CONNECT: 'Open ID Connect Authorization', AWS_LAMBDA: 'Lambda Authorization',
};

function call(handlers, { handler, context, mode }) {
  state = { ...nothing(), authType: AUTH_TYPES[mode] ?? AUTH_TYPES.API_KEY };
  context.args = context.arguments;
  const answer = { value: null };
  try {
    if (typeof handlers[handler] !== 'function') throw new TypeError(`The code exports no function '${handler}'`);
    answer.value = handlers[handler](context) ?? null;
  } catch (stop) {
    if (stop instanceof Stop) answer[stop.kind] = stop.fields;
    else answer.error = failure(stop?.message ?? stop, 'Code');
  }
  return { ...state, ...answer, stash: context.stash ?? {} };
}

async function serve(line) {
  const asked = JSON.parse(line);
  let answer;
  try {
    if (asked.source !== undefined) modules.set(asked.code, load(asked.code, asked.source));
    answer = call(await modules.get(asked.code), asked);
  } catch (problem) {
    answer = { ...nothing(), value: null, error: failure(problem.message, 'Code'), stash: {} };
  }
  process.stdout.write(JSON.stringify({ id: asked.id, ...answer }) + '\n');
}

readline.createInterface({ input: process.stdin }).on('line', serve).on('close', () => process.exit(0));
