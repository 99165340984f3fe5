// What a user of the generated TypeScript client does; fails with what is not as it should be.
import {
  ActionsApi,
  Configuration,
  DeliveriesApi,
  Metric,
  PeopleApi,
  ProblemFromJSON,
  ReportingWebhooksApi,
  ResponseError,
  State,
  type Delivery,
} from "./client/index";

const PATIENCE_MILLIS = 60_000;

export async function journey(gateway: string, token: string, receiver: string): Promise<void> {
  const configuration = new Configuration({ basePath: gateway, accessToken: token });
  await deliver(configuration, receiver);
  await person(configuration);
  await reporting(configuration, receiver);
  await problem(configuration);
}

/** The receiver refuses the first request of a delivery. */
async function deliver(configuration: Configuration, receiver: string): Promise<void> {
  const before = Date.now();
  const actions = new ActionsApi(configuration);
  const deliveries = new DeliveriesApi(configuration);
  const action = {
    url: `${receiver}/typescript`,
    method: "PUT",
    body: '{"name": {{ customer.name | to_json }}, "total": {{ event.total }}}',
  };
  const saved = await actions.saveAction({ id: "typescript", action });
  same(1, saved.version);
  holds(saved.createdAt! >= before - 60_000, "created_at is epoch milliseconds");

  const data = { customer: { id: "1", name: "Zoë" }, event: { total: 3 } };
  const enqueued = await deliveries.enqueue({ job: [{ id: "typescript-1", action: "typescript", data }] });
  same("typescript-1", enqueued.ids.join());

  const refused = await until(deliveries, State.Failed, 1);
  same(404, refused.attempts[0].status);
  same("HTTP 404", refused.reason);

  await deliveries.resendDelivery({ id: "typescript-1", resend: { _with: "frozen" } });
  const sent = await until(deliveries, State.Sent, 2);
  same(200, sent.attempts[1].status);
  same('{"name": "Zoë", "total": 3}', sent.request?.body);
  same(null, sent.nextAttemptAt);
  const page = await deliveries.listDeliveries({ state: State.Sent, action: "typescript", limit: 10 });
  same(1, page.deliveries.length);
}

async function person(configuration: Configuration): Promise<void> {
  const people = new PeopleApi(configuration);
  await people.savePerson({ id: "typescript", attributes: { plan: "pro" } });
  const read = await people.readPerson({ id: "typescript" });
  same("pro", read.plan);
}

async function reporting(configuration: Configuration, receiver: string): Promise<void> {
  const webhooks = new ReportingWebhooksApi(configuration);
  const reportingWebhook = { url: `${receiver}/events`, metrics: [Metric.Failed] };
  await webhooks.saveReportingWebhook({ id: "typescript", reportingWebhook });
  const read = await webhooks.readReportingWebhook({ id: "typescript" });
  same(false, read.status?.paused);
  await webhooks.deleteReportingWebhook({ id: "typescript" });
}

async function problem(configuration: Configuration): Promise<void> {
  try {
    await new DeliveriesApi(configuration).readDelivery({ id: "nowhere" });
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const told = ProblemFromJSON(await error.response.json());
    same(404, error.response.status);
    same(404, told.status);
    same("urn:posthaste:problem:not-found", told.type);
    holds(told.detail.includes("nowhere"), told.detail);
    return;
  }
  throw new Error("a delivery that nobody made was read");
}

async function until(deliveries: DeliveriesApi, state: State, attempts: number): Promise<Delivery> {
  const deadline = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    const delivery = await deliveries.readDelivery({ id: "typescript-1" });
    if (delivery.state === state && delivery.attempts.length === attempts) return delivery;
    holds(Date.now() < deadline, `it became ${JSON.stringify(delivery)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function same(expected: unknown, found: unknown): void {
  holds(expected === found, `expected ${expected}, found ${found}`);
}

function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
