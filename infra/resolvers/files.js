import { runtime, util } from '@aws-appsync/utils';

// A field of files within what another function answered: that one brings their keys as the field's own value, and a
// function that may sign makes links of them. Where there is nothing to sign, nobody is called. Siblings share a call.
export function request(ctx) {
  const { fieldName, parentTypeName } = ctx.info;
  const files = ctx.source[fieldName];
  if (!files || files.length === 0) {
    runtime.earlyReturn([]);
  }
  const payload = { arguments: { files }, identity: null, info: { fieldName, parentTypeName } };
  return { operation: 'BatchInvoke', payload };
}

export function response(ctx) {
  if (ctx.error || ctx.result.error) {
    util.error('Something went wrong on our side. Please try again.', 'INTERNAL');
  }
  return ctx.result.data;
}
