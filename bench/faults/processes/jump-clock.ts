// Loaded before the gateway: SIGUSR2 makes its wall clock jump, an hour forth, then two hours back, then forth again.
const hourMs = 3_600_000;
const now = Date.now;
const shifts = [hourMs, -hourMs, 0];
let shiftMs = 0;
let jumps = 0;
Date.now = () => now() + shiftMs;
process.on("SIGUSR2", () => (shiftMs = shifts[jumps++ % shifts.length] ?? 0));
