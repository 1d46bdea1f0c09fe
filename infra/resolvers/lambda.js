import { extensions, util } from '@aws-appsync/utils';

// Those that end in the very request; AppSync ends five at most. The others do when its stream is read: see publish.js.
const SUBSCRIPTIONS = ['onJob', 'onPayment', 'onAlbum', 'onCollage', 'onOrder'];

// Every field that a function answers: what handlers read of the call goes in, {data} or {error} comes back. The caller's
// token, the other headers and the other claims are nobody's business behind this line.
export function request(ctx) {
  const { arguments: args, info } = ctx;
  const { fieldName, parentTypeName } = info;
  const selectionSetList = selected(info);
  const payload = { arguments: args, identity: caller(ctx.identity), info: { fieldName, parentTypeName, selectionSetList } };
  return { operation: 'Invoke', payload };
}

// What the client selected by the fields' own names, or null where the list may hold aliases instead of them: an alias has
// a colon, and what is behind a fragment's name is not in the text.
function selected({ selectionSetGraphQL, selectionSetList }) {
  const text = selectionSetGraphQL || '';
  return text.includes(':') || text.includes('...') ? null : selectionSetList;
}

// What events have to be like: as the arguments say. AppSync's own filter takes a null for a value, which nothing has.
function asked({ info, args }) {
  const filter = {};
  Object.keys(args).forEach((name) => {
    if (args[name] !== null) {
      filter[info.fieldName === 'onMe' ? 'id' : name] = { eq: args[name] };
    }
  });
  return filter;
}

// A user of the pool; an API key and a role are nobody to a handler.
function caller(identity) {
  if (!identity || !identity.sub) {
    return null;
  }
  const { sub, groups, sourceIp, claims } = identity;
  return { sub, groups, sourceIp, claims: { iat: claims.iat } };
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
    extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(asked(ctx)));
    const own = util.transform.toSubscriptionFilter({ owner: { eq: ctx.identity.sub } });
    extensions.setSubscriptionInvalidationFilter(own);
  }
  const owner = shutOut(ctx.info.fieldName, data);
  if (owner) {
    for (const subscriptionField of SUBSCRIPTIONS) {
      extensions.invalidateSubscriptions({ subscriptionField, payload: { owner } });
    }
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
