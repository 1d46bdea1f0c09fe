/** The editors' language services run in workers, which the build puts beside this module. */
Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker(_id: string, label: string) {
      const name = label === "graphql" || label === "json" ? label : "editor";
      return new Worker(new URL(`./${name}.worker.js`, import.meta.url), { type: "module" });
    },
  },
});
