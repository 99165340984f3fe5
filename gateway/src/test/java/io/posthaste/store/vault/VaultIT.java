package io.posthaste.store.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthaste.job.HostPatterns;
import io.posthaste.seal.UnreadableException;
import io.posthaste.store.vault.Vault.Revocation;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class VaultIT extends VaultCase {
    private static final String NEW_KEY = "1".repeat(64);

    @Test
    void aWriterSeesItsOwnWriteAndEveryOtherInstanceWithinASecond() {
        Vault elsewhere = started(redis.others, OLD_KEY, GRACE);

        vault.putSecret("zendesk", "p4ssw0rd", null).block();
        vault.putSnippet("footer", "Bye {{ customer.name }}").block();

        assertThat(text(vault, "zendesk")).isEqualTo("p4ssw0rd");
        assertThat(vault.snippet("footer")).isEqualTo("Bye {{ customer.name }}");
        await().atMost(Duration.ofSeconds(1)).until(() -> "p4ssw0rd".equals(text(elsewhere, "zendesk")));
        await().atMost(Duration.ofSeconds(1)).until(() -> elsewhere.snippet("footer") != null);

        elsewhere.deleteSecret("zendesk").block();
        await().atMost(Duration.ofSeconds(1)).until(() -> vault.secret("zendesk") == null);
    }

    @Test
    void redisNeverHoldsASecretOrAKeyInClear() {
        vault.putSecret("zendesk", "canary-secret", null).block();
        String key =
                Objects.requireNonNull(value(vault.rotate(KeyKind.ACTION, "k1")).text());

        String everything = redis.commands.keys("*").stream()
                .map(name -> redis.commands.type(name).equals("hash")
                        ? redis.commands.hgetall(name).toString()
                        : redis.commands.get(name))
                .toList()
                .toString();

        assertThat(everything).contains("zendesk", "k1").doesNotContain("canary-secret", key);
    }

    @RepeatedTest(20)
    void replacingKeepsTheDateOfCreationAndIsLaterEvenInTheSameMillisecond() {
        StoredSecret first = value(vault.putSecret("a", "one", null));
        StoredSecret second = value(vault.putSecret("a", "two", null));

        assertThat(first.updatedAtMillis()).isEqualTo(first.createdAtMillis());
        assertThat(second.createdAtMillis()).isEqualTo(first.createdAtMillis());
        assertThat(second.updatedAtMillis()).isGreaterThan(first.createdAtMillis());
        assertThat(vault.secrets()).containsExactly(second);
    }

    @Test
    void deletingWhatIsNotThereChangesNothing() {
        assertThat(vault.deleteSecret("none").block()).isFalse();
        assertThat(vault.deleteSnippet("none").block()).isFalse();
        assertThat(redis.commands.get("posthaste:{vault}:change")).isNull();
    }

    @Test
    void thereIsRoomForAThousandNamesAndTheyCanStillBeReplaced() {
        Flux.range(0, 1_000).flatMap(i -> vault.putSnippet("s" + i, "x"), 50).blockLast();

        assertThat(vault.putSnippet("more", "x").block()).isNull();
        assertThat(vault.putSnippet("s7", "y").block()).isNotNull();
        assertThat(vault.deleteSnippet("s8").block()).isTrue();
        assertThat(vault.putSnippet("more", "x").block()).isNotNull();
    }

    @Test
    void thereIsRoomForFiveMebibytes() {
        String big = "x".repeat(16_000);
        long stored = Objects.requireNonNull(Flux.range(0, 340)
                .concatMap(i -> vault.putSnippet("s" + i, big))
                .count()
                .block());

        assertThat(stored).isBetween(320L, 327L);
        assertThat(vault.putSnippet("s0", big).block()).isNotNull();
    }

    @Test
    void withoutItsMasterKeyAVaultDoesNotStartAndNamesAllThatIsLost() {
        vault.putSecret("a", "one", null).block();
        vault.putSecret("b", "two", null).block();
        vault.rotate(KeyKind.ACTION, "k1").block();

        assertThatThrownBy(() -> started(redis.others, NEW_KEY, GRACE))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("secret a was encrypted under the key")
                .hasMessageContaining("secret b was")
                .hasMessageContaining("signing key k1 was");
    }

    @Test
    void aVaultThatCannotReadAChangeKeepsWhatItKnew() {
        vault.putSecret("a", "one", null).block();
        Vault newer = started(redis.others, NEW_KEY + "," + OLD_KEY, GRACE);

        newer.putSecret("b", "two", null).block();

        vault.refresh().block();
        assertThat(text(vault, "a")).isEqualTo("one");
        assertThat(vault.secret("b")).isNull();
        assertThat(vault.problems()).hasSize(2).allMatch(problem -> problem.contains("was encrypted under the key"));
    }

    @Test
    void afterAChangeOfMasterKeysTheOldOneIsNotNeeded() {
        vault.putSecret("a", "one", null).block();
        vault.rotate(KeyKind.ACTION, "k1").block();

        started(redis.others, NEW_KEY + "," + OLD_KEY, GRACE);

        Vault later = started(redis.others, NEW_KEY, GRACE);
        assertThat(text(later, "a")).isEqualTo("one");
        assertThat(later.keys()).hasSize(2);
    }

    @Test
    void aSecretMovedToAnotherNameDoesNotOpen() {
        vault.putSecret("low", "one", null).block();
        redis.commands.hset(
                "posthaste:{vault}:secrets", "high", redis.commands.hget("posthaste:{vault}:secrets", "low"));

        Vault other = started(redis.others, OLD_KEY, GRACE);

        assertThat(other.secret("high")).isNull();
        assertThat(text(other, "low")).isEqualTo("one");
        assertThat(other.problems()).containsExactly("secret high was changed since it was encrypted");
    }

    @Test
    void aDamagedSigningKeyStopsTheStartBecauseAnotherWouldSign() {
        redis.commands.hset("posthaste:{vault}:keys", "k", "{\"kind\":\"other\"}");

        assertThatThrownBy(() -> started(redis.others, OLD_KEY, GRACE))
                .hasMessage("signing key k is not what was written");
    }

    /** One damaged record: lists, rotation, revocation and every other change go on. */
    @Test
    void whatIsDamagedStaysAsItWasKnownAndStopsNothingElse() {
        vault.putSecret("a", "one", null).block();
        vault.putSecret("b", "two", null).block();
        vault.rotate(KeyKind.ACTION, "k1").block();
        vault.rotate(KeyKind.ACTION, "k2").block();
        redis.commands.hset("posthaste:{vault}:secrets", "a", "nonsense");
        redis.commands.hset("posthaste:{vault}:snippets", "s", "[1]");
        redis.commands.hset("posthaste:{vault}:keys", "k1", "{\"kind\":\"action\",\"signs_until\":\"soon\"}");
        redis.commands.set("posthaste:{vault}:change", "nonsense");

        assertThat(value(vault.putSecret("b", "three", null)).value()).isEqualTo("three");
        assertThat(value(vault.rotate(KeyKind.ACTION, "k3")).isCurrent()).isTrue();
        assertThat(vault.revoke("k2").block()).isEqualTo(Revocation.REVOKED);

        assertThat(text(vault, "a")).isEqualTo("one");
        assertThat(text(vault, "b")).isEqualTo("three");
        assertThat(key("k1").text()).isNotNull();
        assertThat(vault.problems())
                .containsExactly(
                        "secret a is not what was written",
                        "signing key k1 is not what was written",
                        "snippet s is not what was written");

        assertThat(vault.revoke("k1").block()).isEqualTo(Revocation.REVOKED);
        vault.putSecret("a", "four", null).block();
        vault.deleteSnippet("s").block();
        assertThat(vault.problems()).isEmpty();
        assertThat(text(vault, "a")).isEqualTo("four");
    }

    @Test
    void aVaultKeyOfAnotherTypeIsSetAside() {
        redis.commands.rpush("posthaste:{vault}:secrets", "somebody else's");
        redis.commands.rpush("posthaste:{vault}:keys", "somebody else's");
        redis.commands.rpush("posthaste:{vault}:change", "somebody else's");

        vault.putSecret("a", "one", null).block();
        vault.rotate(KeyKind.ACTION, "k1").block();

        assertThat(text(vault, "a")).isEqualTo("one");
        assertThat(redis.commands.type("posthaste:{vault}:damaged:secrets")).isEqualTo("list");
    }

    @Test
    void anEmptiedRedisEmptiesTheVault() {
        vault.putSecret("a", "one", null).block();

        redis.commands.flushall();

        await().atMost(Duration.ofSeconds(1)).until(() -> vault.secret("a") == null);
    }

    @Test
    void whereASecretMayGoIsSealedWithIt() {
        vault.putSecret("a", "one", new HostPatterns(List.of("api.example", "*.other.example")))
                .block();
        vault.putSecret("a", "two", null).block();
        assertThat(Objects.requireNonNull(vault.secret("a")).hosts().patterns())
                .containsExactly("api.example", "*.other.example");
        String stored = redis.commands.hget("posthaste:{vault}:secrets", "a");

        redis.commands.hset("posthaste:{vault}:secrets", "a", stored.replace("api.example", "evil.example"));
        Vault elsewhere = started(redis.others, OLD_KEY, GRACE);

        assertThat(elsewhere.secret("a")).isNull();
        assertThat(elsewhere.problems())
                .containsExactly("secret a to evil.example, *.other.example was changed since it was encrypted");
    }
}
