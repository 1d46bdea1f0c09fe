// Runs at every file that the bucket gave, before the viewer has it; `links.js` has let the request through.

function handler(event) {
  const response = event.response;
  // Browsers keep what a page showed apart from what a script asked for: only the second has the headers of CORS.
  response.headers.vary = { value: 'Origin' };
  const attachment = event.request.querystring.attachment;
  if (attachment) {
    response.headers['content-disposition'] = { value: 'attachment; filename="' + attachment.value + '"' };
  }
  return response;
}
