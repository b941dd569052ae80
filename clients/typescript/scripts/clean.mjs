// Removes what an earlier build left, so that a package never holds a file without a source.

import { rm } from "node:fs/promises";

await rm(new URL("../dist", import.meta.url), { recursive: true, force: true });
