package io.posthaste.bench.load.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.posthaste.bench.load.process.GatewayProcess;
import io.posthaste.bench.load.process.LoadException;

/** Whoever decides drafts: looks through those that wait and sends or discards each, as the mix has it. */
record Drafts(GatewayProcess gateway, Ends ends) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 100;

    /** Decides those of the newest page; asked again, those of the next. */
    void decide() throws JsonProcessingException {
        ObjectNode send = JSON.createObjectNode();
        ObjectNode discard = JSON.createObjectNode();
        ArrayNode sent = send.putArray("ids");
        ArrayNode discarded = discard.putArray("ids");
        for (JsonNode draft :
                JSON.readTree(gateway.get("/v1/drafts?limit=" + PAGE)).path("drafts")) {
            String id = draft.path("id").asText();
            int number = ends.number(id);
            if (number >= 0) {
                (Mix.end(number) == End.DISCARDED ? discarded : sent).add(id);
            }
        }
        post("send", sent, send);
        post("discard", discarded, discard);
    }

    private void post(String what, ArrayNode ids, ObjectNode body) throws JsonProcessingException {
        if (!ids.isEmpty()) {
            int status = gateway.post("/v1/drafts/" + what, JSON.writeValueAsString(body));
            // 409: some of them were decided before a kill, and the answer was lost.
            LoadException.unless(status / 100 == 2 || status == 409, "POST /v1/drafts/" + what + " answered " + status);
        }
    }
}
