import type { Store, Writer } from "../../content/store.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import type { Plugin } from "../../server/plugins/plugin.ts";
import { definePlugin } from "../../server/plugins/plugin.ts";
import { localStorePlugin } from "../../server/stores/local/plugin.ts";

/** What a server is made of, with a local store that counts the bytes that are written into it. */
export function countedPlugins(): { readonly plugins: readonly Plugin[]; readonly written: () => number } {
  let written = 0;

  function counted(writer: Writer): Writer {
    return {
      ...writer,
      async write(data) {
        await writer.write(data);
        written += data.length;
      },
    };
  }

  const plugin = definePlugin({
    ...localStorePlugin,
    async open(context) {
      const store = await localStorePlugin.open(context);
      const writer: Store["writer"] = async (options, signal) => counted(await store.writer(options, signal));
      return { ...store, writer };
    },
  });
  const plugins = builtinPlugins.map((other) => (other === localStorePlugin ? (plugin as unknown as Plugin) : other));
  return { plugins, written: () => written };
}
