"use strict";

// The address is relative, so that the page also works under /api/docs behind a proxy that only passes /api on.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  // The default asks an online service to check the document.
  validatorUrl: null,
});
