import "./reflect.ts";
import { container as root, type DependencyContainer, type InjectionToken } from "tsyringe";
import "./forget-reflect.ts";

/** A typed name of a process-wide service. */
export type Token<T> = InjectionToken<T> & symbol;

/** Makes a token. Tokens live in `tokens.ts`, so that their type is not narrowed to `symbol` in the file that uses them. */
export function token<T>(name: string): Token<T> {
  return Symbol(name) as Token<T>; // tsyringe keeps T in the token's type only
}

/**
 * A thin, typed facade over tsyringe: values and factories by token, no decorators, no ambient root.
 * Every gate has a container of its own; nothing is ever registered in tsyringe's root, and tenants
 * are arguments of a run, never bindings, so that no singleton can carry one tenant's data to another.
 */
export class Container {
  readonly #inner: DependencyContainer = root.createChildContainer();

  provide<T>(name: Token<T>, factory: (container: Container) => T): this {
    let made: { readonly value: T } | undefined;
    this.#inner.register<T>(name, { useFactory: () => (made ??= { value: factory(this) }).value });
    return this;
  }

  get<T>(name: Token<T>): T {
    return this.#inner.resolve<T>(name);
  }
}
