import { forgetStandIn } from "./reflect.ts";

// Imported after tsyringe: it has loaded by now.
forgetStandIn();
