import { extensions } from '@aws-appsync/utils';

// What the backend publishes, the one argument, is the answer itself, and so what subscribers are sent.
export function request(ctx) {
  const published = Object.values(ctx.arguments)[0];
  return { payload: typeof published === 'string' ? JSON.parse(published) : published };
}

export function response(ctx) {
  if (ctx.info.fieldName === 'publishShutOut') {
    for (const subscriptionField of ['onMe', 'onUpload', 'onJobDeleted']) {
      extensions.invalidateSubscriptions({ subscriptionField, payload: { owner: ctx.result.owner } });
    }
  }
  return ctx.result;
}
