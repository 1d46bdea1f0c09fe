import { extensions, util } from '@aws-appsync/utils';

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
  if (ctx.info.parentTypeName === 'Subscription') {
    const own = util.transform.toSubscriptionFilter({ owner: { eq: ctx.identity.sub } });
    extensions.setSubscriptionInvalidationFilter(own);
  }
  const owner = shutOut(ctx.info.fieldName, data);
  if (owner) {
    extensions.invalidateSubscriptions({ subscriptionField: 'onJob', payload: { owner } });
    extensions.invalidateSubscriptions({ subscriptionField: 'onPayment', payload: { owner } });
  }
  return data;
}

// Whose subscriptions end: of who left, was disabled, or is an administrator no more and must sign in again.
function shutOut(field, data) {
  if (field === 'deleteMe') {
    return data;
  }
  const ends = (field === 'setDisabled' && data.disabled) || (field === 'setRole' && data.role === 'USER');
  return ends ? data.id : null;
}
