// The job that the backend publishes is the answer itself, and so what subscribers are sent.
export function request(ctx) {
  const { job } = ctx.arguments;
  return { payload: typeof job === 'string' ? JSON.parse(job) : job };
}

export function response(ctx) {
  return ctx.result;
}
