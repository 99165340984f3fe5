package io.posthaste.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.protocol.CommandType;
import io.posthaste.api.ApiContract.Operation;
import io.posthaste.job.Attempt;
import io.posthaste.job.Header;
import io.posthaste.job.Lease;
import io.posthaste.job.Outcome;
import io.posthaste.job.RenderedRequest;
import io.posthaste.job.Settlement;
import io.posthaste.queue.RedisJobQueue;
import io.posthaste.redis.Keyspace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The examples of {@code openapi.json}, ready to be called: what they speak of is put in place first. */
final class ApiExamples {
    private static final RenderedRequest REQUEST = new RenderedRequest(
            "POST",
            "https://api.example.com/users",
            List.of(new Header("Content-Type", "application/json")),
            "{}".getBytes(StandardCharsets.UTF_8));

    private final RunningApi api;
    private final ApiContract contract;
    private final RedisJobQueue queue;

    ApiExamples(RunningApi api, ApiContract contract) {
        this.api = api;
        this.contract = contract;
        this.queue = api.queue();
    }

    /** Empties Redis, fulfils what the operation's example supposes, and answers the path to call. */
    String given(Operation operation) {
        api.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        api.connections.admin().commands().flushall().toCompletableFuture().join();
        return filled(operation, prepared(operation));
    }

    /** The name that stands for what has no example in the document. */
    private String prepared(Operation operation) {
        String path = operation.path();
        if (path.startsWith("/v1/actions/{id}")) {
            api.put("/v1/actions/welcome", "{'url':'https://api.example.com/users'}");
        } else if (operation.id().equals("resendDelivery")) {
            enqueue(0);
            settle(new Outcome.Failed(new Attempt(1, 1, 404, 5, "HTTP 404", ""), "HTTP 404", REQUEST));
        } else if (path.startsWith("/v1/deliveries/{id}")) {
            enqueue(RunningApi.LATER);
            queue.claim(0).block();
        } else if (path.startsWith("/v1/hosts/{host}")) {
            api.limits.enter("api.example.com:443", "welcome", 1);
        } else if (path.startsWith("/v1/people/{id}")) {
            api.put("/v1/people/1007", "{'name':'Ada'}");
        } else if (path.startsWith("/v1/drafts")) {
            enqueue(0);
            settle(new Outcome.Drafted(REQUEST, false));
        } else if (path.startsWith("/v1/connections/")) {
            api.put("/v1/connections/partner", "{'pins':[]}");
        } else if (path.startsWith("/v1/host-limits/")) {
            api.put("/v1/host-limits/api.partner.com", "{'max_per_second':5}");
        } else if (path.startsWith("/v1/secrets/")) {
            api.put("/v1/secrets/lob", "{'value':'before'}");
        } else if (path.startsWith("/v1/reporting-webhooks")) {
            api.put("/v1/reporting-webhooks/warehouse", "{'url':'https://reports.example/'}");
        } else if (path.startsWith("/v1/snippets/")) {
            api.put("/v1/snippets/footer", "{'value':'before'}");
        } else if (path.startsWith("/v1/signing-keys/{id}")) {
            api.post("/v1/signing-keys/rotate", "");
        } else if (path.startsWith("/v1/operations/{id}")) {
            return api.post("/v1/deliveries/resend", "{}")
                    .body()
                    .at("/operation/id")
                    .asText();
        } else if (path.startsWith("/v1/quarantine")) {
            return quarantined();
        } else if (path.startsWith("/v1/shards")) {
            beginShards(path.endsWith("/pause"));
        }
        return "";
    }

    private void beginShards(boolean change) {
        Keyspace.open(api.connections, 1);
        if (change) {
            api.post("/v1/shards", "{'count':2}");
        }
    }

    private void enqueue(long at) {
        api.post("/v1/deliveries", "{'id':'order-1007-paid','action':'welcome','data':{},'at':" + at + "}");
    }

    private void settle(Outcome outcome) {
        Lease lease = queue.claim(1).blockOptional().orElseThrow().leases().getFirst();
        queue.settle(new Settlement(lease, outcome)).block();
    }

    private String quarantined() {
        api.connections
                .admin()
                .send(CommandType.XADD, "posthaste:{0}:inbox", "*", "v", "9")
                .toCompletableFuture()
                .join();
        queue.claim(0).block();
        return api.get("/v1/quarantine").body().at("/quarantine/0/id").asText();
    }

    /** The operation's path with its examples in it; {@code instead} where the document has none. */
    private String filled(Operation operation, String instead) {
        String path = operation.path();
        for (JsonNode parameter : contract.parameters(operation)) {
            String value = parameter.path("example").asText(instead);
            path = path.replace("{" + parameter.path("name").asText() + "}", value);
        }
        return path;
    }

    /** {@code ?a=1&b=2} of the query parameters that have an example; empty when none has. */
    String query(Operation operation) {
        String query = contract.parameters(operation).stream()
                .filter(parameter -> parameter.path("in").asText().equals("query") && parameter.has("example"))
                .map(parameter -> parameter.path("name").asText() + "="
                        + parameter.path("example").asText().replace(" ", "+"))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }
}
