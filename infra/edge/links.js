// Runs at every request for an image: only links that the studio signed go on to the bucket, and only while they last.
// studio/media/links.py signs them. CloudFront's runtime 2.0 has ES 5.1 and a little more: no destructuring, no for-of.
import cf from 'cloudfront';
import crypto from 'crypto';

const keys = cf.kvs();

function refusal(statusCode, statusDescription, headers) {
  headers['cache-control'] = { value: 'no-store' };
  return { statusCode: statusCode, statusDescription: statusDescription, headers: headers };
}

/** Compares without telling by its time how much is equal. */
function same(left, right) {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}

async function signed(name, text, signature) {
  let key = '';
  try {
    key = await keys.get(name);
  } catch (error) {
    return false; // Between rotations there is no previous key.
  }
  return key !== '' && same(crypto.createHmac('sha256', key).update(text).digest('base64url'), signature);
}

async function lasting(uri, query) {
  if (!query.expires || !query.signature || !/^[0-9]{1,12}$/.test(query.expires.value)) return false;
  if (Number(query.expires.value) * 1000 <= Date.now()) return false;
  // A name to be saved under is part of what was signed.
  const text = uri + '\n' + query.expires.value + (query.attachment ? '\n' + query.attachment.value : '');
  const current = await signed('current', text, query.signature.value);
  if (current) return true;
  const previous = await signed('previous', text, query.signature.value);
  return previous;
}

async function handler(event) {
  const request = event.request;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, 'Method Not Allowed', { allow: { value: 'GET, HEAD' } });
  }
  const good = await lasting(request.uri, request.querystring);
  if (!good) return refusal(403, 'Forbidden', {});
  // One copy of an image in the cache, whoever asks for it.
  request.querystring = {};
  return request;
}
