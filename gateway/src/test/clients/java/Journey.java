import java.util.List;
import java.util.Map;
import posthaste.client.ApiClient;
import posthaste.client.ApiException;
import posthaste.client.api.ActionsApi;
import posthaste.client.api.DeliveriesApi;
import posthaste.client.api.PeopleApi;
import posthaste.client.api.ReportingWebhooksApi;
import posthaste.client.model.Action;
import posthaste.client.model.Attributes;
import posthaste.client.model.Data;
import posthaste.client.model.Delivery;
import posthaste.client.model.Job;
import posthaste.client.model.Metric;
import posthaste.client.model.Problem;
import posthaste.client.model.ReportingWebhook;
import posthaste.client.model.Resend;
import posthaste.client.model.State;

/** What a user of the generated Java client does: {@code java Journey GATEWAY TOKEN RECEIVER}; fails with what is not as it should be. */
final class Journey {
    private static final long PATIENCE_MILLIS = 60_000;

    private final ApiClient client = new ApiClient();
    private final DeliveriesApi deliveries;
    private final String receiver;

    private Journey(String gateway, String token, String receiver) {
        client.updateBaseUri(gateway);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        this.deliveries = new DeliveriesApi(client);
        this.receiver = receiver;
    }

    public static void main(String[] arguments) throws Exception {
        Journey journey = new Journey(arguments[0], arguments[1], arguments[2]);
        journey.deliver();
        journey.person();
        journey.reporting();
        journey.problem();
    }

    /** The receiver refuses the first request of a delivery. */
    private void deliver() throws Exception {
        long before = System.currentTimeMillis();
        Action action = new Action()
                .url(receiver + "/java")
                .method("PUT")
                .body("{\"name\": {{ customer.name | to_json }}, \"total\": {{ event.total }}}");
        Action saved = new ActionsApi(client).saveAction("java", action, null);
        same(1, saved.getVersion());
        holds(saved.getCreatedAt() >= before - 60_000, "created_at is epoch milliseconds");
        // What is read may be sent back.
        same(2, new ActionsApi(client).saveAction("java", saved.name("again"), null).getVersion());

        Data data = new Data().customer(Map.of("id", "1", "name", "Zoë"));
        data.putAdditionalProperty("event", Map.of("total", 3));
        List<Job> jobs = List.of(new Job().id("java-1").action("java").data(data));
        same(List.of("java-1"), deliveries.enqueue(jobs, null).getIds());

        Delivery refused = until(State.FAILED, 1);
        same(404, refused.getAttempts().getFirst().getStatus());
        same("HTTP 404", refused.getReason());

        deliveries.resendDelivery("java-1", new Resend().with(Resend.WithEnum.FROZEN));
        Delivery sent = until(State.SENT, 2);
        same(200, sent.getAttempts().get(1).getStatus());
        same("{\"name\": \"Zoë\", \"total\": 3}", sent.getRequest().getBody());
        same("1", sent.getCustomer());
        holds(sent.getNextAttemptAt() == null, "nothing follows");
        same(1, deliveries
                .listDeliveries(State.SENT, "java", null, null, null, null, null, null, 10, null)
                .getDeliveries()
                .size());
    }

    private void person() throws ApiException {
        PeopleApi people = new PeopleApi(client);
        Attributes attributes = new Attributes();
        attributes.putAdditionalProperty("plan", "pro");
        people.savePerson("java", attributes);
        same("pro", people.readPerson("java").getAdditionalProperty("plan"));
    }

    private void reporting() throws ApiException {
        ReportingWebhooksApi webhooks = new ReportingWebhooksApi(client);
        webhooks.saveReportingWebhook("java", new ReportingWebhook().url(receiver + "/events").metrics(List.of(Metric.FAILED)));
        ReportingWebhook read = webhooks.readReportingWebhook("java");
        same(List.of(Metric.FAILED), read.getMetrics());
        holds(!read.getStatus().getPaused(), "it hears");
        webhooks.deleteReportingWebhook("java");
    }

    private void problem() throws Exception {
        try {
            deliveries.readDelivery("nowhere");
        } catch (ApiException e) {
            Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
            same(404, e.getCode());
            same(404, problem.getStatus());
            same("urn:posthaste:problem:not-found", problem.getType());
            holds(problem.getDetail().contains("nowhere"), problem.getDetail());
            return;
        }
        throw new AssertionError("a delivery that nobody made was read");
    }

    private Delivery until(State state, int attempts) throws Exception {
        long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (true) {
            Delivery delivery = deliveries.readDelivery("java-1");
            if (delivery.getState() == state && delivery.getAttempts().size() == attempts) {
                return delivery;
            }
            holds(System.currentTimeMillis() < deadline, "it became " + delivery);
            Thread.sleep(50);
        }
    }

    private static void same(Object expected, Object found) {
        holds(expected.equals(found), "expected " + expected + ", found " + found);
    }

    private static void holds(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
