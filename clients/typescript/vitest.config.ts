import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: ".cache",
  test: { testTimeout: 10_000, restoreMocks: false, pool: "forks", maxWorkers: 2, minWorkers: 1 },
});
