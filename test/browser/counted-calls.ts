import type { HandlerContext } from "@connectrpc/connect";
import type { Plugin } from "../../server/plugins/plugin.ts";
import type { Service } from "../../server/plugins/service.ts";

/** Calls of a server, counted where they are answered: a browser does not tell what its workers ask. */
export interface CountedCalls {
  /** What the server is made of, with services that count. */
  readonly plugins: readonly Plugin[];
  /** How many calls of a method are under way, by its name, such as `stowage.v1.ContentService/Status`. */
  open(method: string): number;
  /** Names of all methods that were called so far. */
  readonly called: ReadonlySet<string>;
}

type Note = (method: string, signal: AbortSignal) => void;

/**
 * What a server is made of, with services whose calls are told before they are answered.
 *
 * @param tell what it throws is the answer
 */
export function tellCalls(plugins: readonly Plugin[], tell: (method: string) => void): readonly Plugin[] {
  return plugins.map((plugin) => counted(plugin, tell));
}

/** @param plugins what a server is made of */
export function countCalls(plugins: readonly Plugin[]): CountedCalls {
  const counts = new Map<string, number>();
  const called = new Set<string>();

  function note(method: string, signal: AbortSignal): void {
    const add = (more: number) => counts.set(method, (counts.get(method) ?? 0) + more);
    called.add(method);
    add(1);
    signal.addEventListener("abort", () => add(-1), { once: true });
  }

  return { plugins: plugins.map((plugin) => counted(plugin, note)), open: (name) => counts.get(name) ?? 0, called };
}

function counted(plugin: Plugin, note: Note): Plugin {
  return {
    ...plugin,
    async open(context) {
      const opened = await plugin.open(context);
      return "register" in opened ? countedService(opened, note) : opened;
    },
  };
}

function countedService(service: Service, note: Note): Service {
  return {
    register(router) {
      const register = router.service.bind(router);
      router.service = (type, methods, options) => {
        register(type, countedMethods(type.typeName, methods, note), options);
        return router;
      };
      service.register(router);
      router.service = register;
    },
  };
}

function countedMethods<Methods extends object>(service: string, methods: Methods, note: Note): Methods {
  return new Proxy(methods, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function") return method;
      return (request: unknown, context: HandlerContext): unknown => {
        note(`${service}/${capitalized(String(name))}`, context.signal);
        return Reflect.apply(method, target, [request, context]);
      };
    },
  });
}

function capitalized(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
