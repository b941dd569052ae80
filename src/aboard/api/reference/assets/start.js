// The reference, told what it may do: nothing leaves this origin, and nothing typed is kept.
"use strict";

Scalar.createApiReference("#reference", {
  url: new URL("openapi.json", document.baseURI).href,
  // A token that is typed in lives in this page alone, and ends with it.
  persistAuth: false,
  authentication: { preferredSecurityScheme: "bearer" },
  // Everything that would ask somebody else: fonts, telemetry, a proxy, an assistant, their client.
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: "",
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  // What a reader of these pages asks for first.
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  documentDownloadType: "json",
  hideModels: true,
});
