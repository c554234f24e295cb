// tsyringe refuses to load without this polyfill. A module of its own, listed under "sideEffects" in package.json,
// because bundlers run a CommonJS import after the ES modules imported beside it, and drop it when nothing is used of it.
import "reflect-metadata/lite";
