"""AppSync's data plane on one machine: HTTP and real time for any GraphQL API whose control plane an emulator keeps."""
