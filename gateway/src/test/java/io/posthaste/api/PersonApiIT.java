package io.posthaste.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.api.ApiCalls.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonApiIT {
    private static final String ADA = "/v1/people/1007";

    @AutoClose
    private static final RunningApi api = new RunningApi();

    @BeforeEach
    void forgetEverybody() {
        api.connections.admin().commands().flushall().toCompletableFuture().join();
    }

    @Test
    void aPersonIsReadAsTheyWereStored() {
        assertThat(api.put(ADA, "{'name':'Ada','spent':19.90,'big':12345678901234567890,'tags':['a',{'b':null}]}")
                        .status())
                .isEqualTo(201);

        assertThat(text(api.get(ADA)))
                .isEqualTo("{\"id\":\"1007\",\"name\":\"Ada\",\"spent\":19.90,\"big\":12345678901234567890,"
                        + "\"tags\":[\"a\",{\"b\":null}]}");
    }

    @Test
    void puttingReplacesAndPatchingChangesWhatIsNamed() {
        api.put(ADA, "{'name':'Ada','plan':'free'}");

        Said patched = api.call("PATCH", ADA, RunningApi.OPERATE, "{'id':'1007','plan':'pro','name':null,'n':1.0}");

        assertThat(patched.status()).isEqualTo(200);
        assertThat(text(patched)).isEqualTo("{\"id\":\"1007\",\"plan\":\"pro\",\"n\":1.0}");
        assertThat(text(api.put(ADA, "{'name':'A'}"))).isEqualTo("{\"id\":\"1007\",\"name\":\"A\"}");
        assertThat(text(api.get(ADA))).isEqualTo("{\"id\":\"1007\",\"name\":\"A\"}");
    }

    @Test
    void patchingSomebodyUnknownCreatesThem() {
        assertThat(api.call("PATCH", ADA, RunningApi.OPERATE, "{'n':1}").status())
                .isEqualTo(201);
        assertThat(text(api.get(ADA))).isEqualTo("{\"id\":\"1007\",\"n\":1}");
    }

    @Test
    void aDeletedPersonIsGone() {
        api.put(ADA, "{}");

        assertThat(api.delete(ADA).status()).isEqualTo(204);
        assertThat(api.get(ADA).status()).isEqualTo(404);
        assertThat(api.delete(ADA).status()).isEqualTo(404);
    }

    @Test
    void changesAtTheSameTimeLoseNone() throws Exception {
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String change = "{'a" + i + "':" + i + "}";
                answers.add(callers.submit(
                        () -> api.call("PATCH", ADA, RunningApi.OPERATE, change).status()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isIn(200, 201);
            }
        }

        assertThat(api.get(ADA).body().size()).isEqualTo(41);
    }

    @Test
    void everythingWrongIsSaidAtOnceAndNothingIsStored() {
        Said refused = api.put(ADA, "{'id':'other','cio_id':1,'_x':2,' ':3,'name':'Ada'}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.fields()).containsExactly("id", "cio_id", "_x", " ");
        assertThat(api.get(ADA).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"[1];422", "'{\"a\":1,\"a\":2}';400", "{;400", "'';400", "'{\"a\":01}';400"})
    void whatIsNoObjectIsRefused(String body, int status) {
        assertThat(api.put(ADA, body).status()).isEqualTo(status);
        assertThat(api.call("PATCH", ADA, RunningApi.ADMIN, body).status()).isEqualTo(status);
        assertThat(api.get(ADA).status()).isEqualTo(404);
    }

    @Test
    void whatIsTooLargeIsRefused() {
        String half = "'" + "x".repeat(140 << 10) + "'";
        assertThat(api.put(ADA, "{'a':" + half + ",'b':" + half + "}").status()).isEqualTo(422);
        assertThat(api.put(ADA, "{'a':" + half + "}").status()).isEqualTo(201);
        assertThat(api.call("PATCH", ADA, RunningApi.ADMIN, "{'b':" + half + "}")
                        .status())
                .isEqualTo(422);
        assertThat(api.get(ADA).body().has("b")).isFalse();
    }

    @Test
    void previewsReadThePersonWhomTheDataName() {
        String preview = "{'action':{'url':'https://api.example.com/','body':'{{ customer | to_json }}'},"
                + "'data':{'customer_id':'1007'}}";

        assertThat(api.post("/v1/preview", preview).status()).isEqualTo(422);
        api.put(ADA, "{'spent':19.90}");

        assertThat(api.post("/v1/preview", preview).body().at("/request/body").asText())
                .isEqualTo("{\"id\":\"1007\",\"spent\":19.90}");
    }

    private static String text(Said said) {
        return new String(said.response().body().getBytes(UTF_8), UTF_8);
    }
}
