import { util } from '@aws-appsync/utils';

// Every field that a function answers: the whole call goes in, {data} or {error} comes back.
export function request(ctx) {
  const { arguments: args, identity, source, info, prev, stash } = ctx;
  const payload = { arguments: args, identity, source, request: { headers: ctx.request.headers }, info, prev, stash };
  return { operation: 'Invoke', payload };
}

export function response(ctx) {
  if (ctx.error) {
    // The function raised or timed out: its message is ours, in its log, and not the client's.
    util.error('Something went wrong on our side. Please try again.', 'INTERNAL');
  }
  const { error, data } = ctx.result;
  if (error) {
    util.error(error.message, error.type, null, error.info);
  }
  return data;
}
