// Firestore in memory on loopback: `node server.mjs PORT`. Port 0 takes a free one; a JSON line tells which.
import { FirestoreServer } from "@firestore-emulator/server";
import { ServerCredentials } from "@grpc/grpc-js";

const { server } = new FirestoreServer(); // its own `start` would listen on every address

server.bindAsync(`127.0.0.1:${process.argv[2]}`, ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    console.error(error.message);
    process.exit(1);
  }
  console.log(JSON.stringify({ ready: true, host: `127.0.0.1:${port}` }));
});
