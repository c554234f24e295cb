// The baseline of the wire: Node's own messages between processes.
process.on("message", (message) => process.send?.(message));
