package io.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.job.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that come by HTTP. */
class EnqueueApiIT extends DeliveryApiCase {
    @Test
    void aJobIsEnqueuedAsItWasWritten() {
        String data = "{'customer':{'id':'1'},'n':12345678901234567890,'f':19.90, 'z' : [ 1e400 ]}";

        var answer = api.post("/v1/deliveries", "{'id':'whole','action':'as-written','key':'k1','data':" + data + "}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("ids").path(0).asText()).isEqualTo("whole");
        Lease lease = claim("whole");
        assertThat(new String(lease.job().data(), StandardCharsets.UTF_8)).isEqualTo(data.replace('\'', '"'));
        assertThat(lease.job().key()).isEqualTo("k1");
        assertThat(lease.job().action()).isEqualTo("as-written");
    }

    @Test
    void jobsWithoutAnIdGetOne() {
        var answer = api.post("/v1/deliveries", "[{'action':'unnamed','data':{}},{'action':'unnamed','data':{}}]");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("ids")).hasSize(2);
        assertThat(answer.body().path("ids").path(0))
                .isNotEqualTo(answer.body().path("ids").path(1));
    }

    @Test
    void aThousandJobsGoInOneCallAndNotOneMore() {
        String job = "{'action':'many','data':{}}";

        assertThat(api.post("/v1/deliveries", "[" + String.join(",", Collections.nCopies(1_000, job)) + "]")
                        .status())
                .isEqualTo(202);
        assertThat(api.post("/v1/deliveries", "[" + String.join(",", Collections.nCopies(1_001, job)) + "]")
                        .status())
                .isEqualTo(422);
        assertThat(api.post("/v1/deliveries", "[]").status()).isEqualTo(422);
    }

    @Test
    void jobsMayComeAsLines() {
        String lines =
                "{'action':'lines','data':{}}\n\n{'id':'named','action':'lines','data':{'n':1.50}}\r\n".repeat(300);

        var answer = api.postLines("/v1/deliveries", lines.replace("named", "named-line"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("ids")).hasSize(600);
        assertThat(answer.body().path("ids").path(1).asText()).isEqualTo("named-line");
        assertThat(api.get("/v1/deliveries/named-line").status()).isEqualTo(200);
    }

    @Test
    void aWrongLineEndsThemAndThoseBeforeAreTaken() {
        String good = "{'action':'lines','data':{}}\n".repeat(300);

        var refused = api.postLines("/v1/deliveries", good + "{'action':'lines','data':7}\n" + good);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("detail").asText()).endsWith("jobs taken from the lines before: 300");
        assertThat(refused.body().path("errors").path(0).path("field").asText()).isEqualTo("line 301.data");

        var malformed = api.postLines("/v1/deliveries", "{'action':'lines','data':{}}\n{'action':");
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.body().path("detail").asText()).endsWith("jobs taken from the lines before: 1");
        assertThat(malformed.body().path("errors").path(0).path("field").asText())
                .isEqualTo("line 2");

        assertThat(api.postLines("/v1/deliveries", "[]\n").status()).isEqualTo(422);
        assertThat(api.postLines("/v1/deliveries", "\n\n").body().path("ids")).isEmpty();
    }

    @Test
    void jobsAreNotCountedAmongTheWrites() {
        for (int i = 0; i < 700; i++) {
            assertThat(api.post("/v1/deliveries", "{'action':'many','data':{}}").status())
                    .isEqualTo(202);
        }
    }

    @Test
    void oneBadJobAndNothingIsWritten() {
        long before = api.get("/v1/stats").body().path("inbox").asLong();

        var refused = api.post(
                "/v1/deliveries",
                "[{'id':'good','action':'a','data':{}},{'id':'b d','action':'a','data':[]},7,{'lane':'l','data':{}}]");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.fields()).containsExactlyInAnyOrder("[1].id", "[1].data", "[2]", "[3].lane");
        assertThat(api.get("/v1/stats").body().path("inbox").asLong()).isEqualTo(before);
        assertThat(api.get("/v1/deliveries/good").status()).isEqualTo(404);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {'data':{}}                                                  | action
            {'action':'a','lane':'l','request':{'url':'u'},'data':{}}    | action,request.url
            {'lane':'l','request':{'url':'ftp://h/','x':1},'data':{}}    | request.url,request.x
            {'request':{'url':'https://h.example/'},'data':{}}           | lane
            {'action':'a'}                                               | data
            {'action':'a','data':'{}'}                                   | data
            {'action':'a','data':{'customer':'1007'}}                    | data.customer
            {'action':'a','data':{'secrets':{},'http':1}}                | data.http,data.secrets
            {'action':'a','data':{},'key':'a b'}                         | key
            {'action':'a','data':{},'key':7}                             | key
            {'action':'a','data':{},'at':'tomorrow'}                     | at
            {'action':'a','data':{},'at':-1}                             | at
            {'action':'a','data':{},'at':1.5}                            | at
            {'action':'a','data':{},'at':99999999999999}                 | at
            {'action':'a','data':{},'at':'9999-12-31T23:59:59Z'}         | at
            {'action':'a','data':{},'draft':1}                           | draft
            {'action':7,'data':{}}                                       | action
            {'action':'a','data':{},'prio':1}                            | prio
            {'action':'a','data':{},'results':'some'}                    | results
            {'action':'a','data':{},'by':''}                             | by
            """)
    void aProblemNamesItsField(String job, String fields) {
        var refused = api.post("/v1/deliveries", job);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.fields()).containsExactlyInAnyOrder(fields.split(","));
    }

    @Test
    void dataMayHaveAQuarterOfAMebibyte() {
        String most = "{'action':'big','data':{'x':'" + "é".repeat((256 * 1024 - 8) / 2) + "'}}";
        String more = most.replace("'x':'", "'x':' ");

        assertThat(api.post("/v1/deliveries", most).status()).isEqualTo(202);
        assertThat(api.post("/v1/deliveries", more).fields()).containsExactly("data");
    }

    @Test
    void aTimeMayBeWrittenEitherWay() {
        api.post("/v1/deliveries", "{'id':'at-1','action':'later','data':{},'at':" + RunningApi.LATER + "}");
        api.post(
                "/v1/deliveries",
                "{'id':'at-2','action':'later','data':{},'at':'" + Instant.ofEpochMilli(RunningApi.LATER) + "'}");
        takeIn();

        for (String id : List.of("at-1", "at-2")) {
            assertThat(api.get("/v1/deliveries/" + id)
                            .body()
                            .path("next_attempt_at")
                            .asLong())
                    .isEqualTo(RunningApi.LATER);
        }
    }
}
