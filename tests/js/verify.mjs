// Reads a list of tasks on standard input and answers each on standard output, as JSON: what a library says of a
// delivery {library, secret, headers, body (base64)}, or the signature that it makes of one {library, secret, body, sign}.

import { readFileSync } from "node:fs";

const libraries = {
  async github({ secret, headers, body, sign }) {
    const octokit = await import("@octokit/webhooks-methods");
    if (sign) return octokit.sign(secret, body);
    return octokit.verify(secret, body, headers["x-hub-signature-256"]);
  },

  async linear({ secret, headers, bytes }) {
    const { LinearWebhookClient } = await import("@linear/sdk/webhooks");
    return new LinearWebhookClient(secret).verify(bytes, headers["linear-signature"]);
  },

  async liveblocks({ secret, headers, body }) {
    const { WebhookHandler } = await import("@liveblocks/node");
    return Boolean(new WebhookHandler(secret).verifyRequest({ headers, rawBody: body }));
  },

  async paddle({ secret, headers, body }) {
    const { Paddle } = await import("@paddle/paddle-node-sdk");
    return new Paddle("none").webhooks.isSignatureValid(body, secret, headers["paddle-signature"]);
  },

  async shopify({ secret, headers, body }) {
    await import("@shopify/shopify-api/adapters/web-api");
    const { ApiVersion, LogSeverity, shopifyApi } = await import("@shopify/shopify-api");
    const shopify = shopifyApi({
      apiKey: "none",
      apiSecretKey: secret,
      apiVersion: Object.values(ApiVersion).at(-1),
      hostName: "localhost",
      isEmbeddedApp: false,
      logger: { level: LogSeverity.Error, log: () => {} },
    });
    const rawRequest = new Request("http://localhost/", { method: "POST", headers, body });
    return (await shopify.webhooks.validate({ rawBody: body, rawRequest })).valid;
  },
};

const answers = [];
for (const task of JSON.parse(readFileSync(0, "utf8"))) {
  const bytes = Buffer.from(task.body, "base64");
  try {
    answers.push(await libraries[task.library]({ ...task, bytes, body: bytes.toString("utf8") }));
  } catch (error) {
    // The libraries say no by throwing; what else went wrong shows in the test.
    answers.push(/signature|timestamp/i.test(error.message) ? false : `${error.name}: ${error.message}`);
  }
}
console.log(JSON.stringify(answers));
