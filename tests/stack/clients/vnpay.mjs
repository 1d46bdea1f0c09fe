// The npm package vnpay, unmodified, as a shop at the local bank: pays, hears of it, asks, sends money back, lists the banks.
import { createServer } from "node:http";
import { dateFormat, getDateInGMT7, InpOrderAlreadyConfirmed, IpnSuccess, VNPay } from "vnpay";

const [, , vnpayHost, tmnCode, secureSecret] = process.argv;
const say = (step, detail) => console.log(JSON.stringify({ step, detail }));
const stamp = (milliseconds) => dateFormat(getDateInGMT7(new Date(milliseconds))); // a number
const shop = new VNPay({ tmnCode, secureSecret, vnpayHost, queryDrAndRefundHost: vnpayHost });
const [vnp_TxnRef, vnp_IpAddr, vnp_OrderInfo] = ["ORDER1", "127.0.0.1", "Nap 100 diem"];

const told = Promise.withResolvers();
const paid = new Set();
const server = createServer((request, response) => {
  const query = Object.fromEntries(new URL(request.url, "http://shop").searchParams);
  const ipn = shop.verifyIpnCall(query);
  say("ipn", ipn);
  response.end(JSON.stringify(paid.has(ipn.vnp_TxnRef) ? InpOrderAlreadyConfirmed : IpnSuccess));
  paid.add(ipn.vnp_TxnRef);
  told.resolve();
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const own = `http://127.0.0.1:${server.address().port}`;
await fetch(`${vnpayHost}/_bank/merchant`, { method: "PUT", body: JSON.stringify({ vnpayIpnUrl: `${own}/ipn` }) });

const vnp_TransactionDate = stamp(Date.now());
const order = { vnp_TxnRef, vnp_IpAddr, vnp_OrderInfo, vnp_Amount: 100_000, vnp_ReturnUrl: `${own}/return` };
const dates = { vnp_CreateDate: vnp_TransactionDate, vnp_ExpireDate: stamp(Date.now() + 900_000) };
const page = await fetch(shop.buildPaymentUrl({ ...order, ...dates }));
say("page", { status: page.status, text: (await page.text()).replace(/<style>.*?<\/style>|<[^>]*>|\s+/gs, " ") });

const form = { method: "POST", body: new URLSearchParams({ action: "pay" }), redirect: "manual" };
const back = await fetch(`${vnpayHost}/paymentv2/Transaction/${vnp_TxnRef}`, form);
const query = Object.fromEntries(new URL(back.headers.get("location")).searchParams);
say("return", shop.verifyReturnUrl(query));
say("forged", shop.verifyReturnUrl({ ...query, vnp_Amount: "100" }));
await told.promise;

let requests = 0;
const asked = () => ({
  ...{ vnp_RequestId: `request${++requests}`, vnp_CreateDate: stamp(Date.now()) },
  ...{ vnp_TxnRef, vnp_IpAddr, vnp_OrderInfo, vnp_TransactionDate },
});
const payment = await shop.queryDr(asked());
say("query", payment);
say("unknown", await shop.queryDr({ ...asked(), vnp_TxnRef: "ORDER2" }));
const refund = { vnp_CreateBy: "shop", vnp_TransactionNo: Number(payment.vnp_TransactionNo) };
say("part", await shop.refund({ ...asked(), ...refund, vnp_TransactionType: "03", vnp_Amount: 40_000 }));
say("too much", await shop.refund({ ...asked(), ...refund, vnp_TransactionType: "03", vnp_Amount: 70_000 }));
say("refunded", await shop.queryDr(asked()));
say("banks", await shop.getBankList());
server.close();
