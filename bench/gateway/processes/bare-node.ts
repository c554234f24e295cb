// The least a Node process can do: say that it is there, and stay until it is told to go.
process.stdout.write("{}\n");
setInterval(() => undefined, 60_000);
