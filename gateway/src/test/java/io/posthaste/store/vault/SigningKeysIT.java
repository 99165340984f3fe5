package io.posthaste.store.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.store.vault.Vault.Revocation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Keys that sign: rotated, kept for the time of grace, revoked. */
class SigningKeysIT extends VaultCase {
    @Test
    void aRotatedKeyTakesOverAndTheOneBeforeSignsForTheGraceTime() {
        StoredKey first = value(vault.rotate(KeyKind.ACTION, "k1"));
        StoredKey second = value(vault.rotate(KeyKind.ACTION, "k2"));

        assertThat(second.isCurrent()).isTrue();
        assertThat(vault.keys()).extracting(StoredKey::id).containsExactlyInAnyOrder("k1", "k2", "initial-action");
        StoredKey replaced = key("k1");
        assertThat(replaced.text()).isEqualTo(first.text());
        assertThat(replaced.signsUntilMillis()).isEqualTo(second.createdAtMillis() + GRACE.toMillis());
        assertThat(key("initial-action").text()).isNull();
        assertThat(key("initial-action").signsUntilMillis()).isEqualTo(first.createdAtMillis() + GRACE.toMillis());
    }

    @Test
    void kindsAreRotatedOnTheirOwn() {
        vault.rotate(KeyKind.ACTION, "k1").block();

        vault.rotate(KeyKind.REPORTING, "r1").block();

        assertThat(key("k1").isCurrent()).isTrue();
        assertThat(key("r1").isCurrent()).isTrue();
    }

    @Test
    void rotationsAtTheSameTimeLeaveOneCurrentKey() {
        Flux.range(0, 8).flatMap(i -> vault.rotate(KeyKind.ACTION, "k" + i), 8).blockLast();
        vault.refresh().block();

        assertThat(vault.keys().stream().filter(StoredKey::isCurrent)).hasSize(1);
        assertThat(vault.keys()).hasSize(9);
    }

    @Test
    void atMostTenReplacedKeysSign() {
        for (int i = 0; i < 10; i++) {
            assertThat(vault.rotate(KeyKind.ACTION, "k" + i).block()).isNotNull();
        }
        assertThat(vault.rotate(KeyKind.ACTION, "more").block()).isNull();

        assertThat(vault.revoke("k3").block()).isEqualTo(Revocation.REVOKED);
        assertThat(vault.rotate(KeyKind.ACTION, "more").block()).isNotNull();
    }

    @Test
    void whatNoLongerSignsIsRemovedByTheNextRotation() {
        Vault impatient = started(redis.connections, OLD_KEY, Duration.ZERO);
        for (int i = 0; i < 15; i++) {
            assertThat(impatient.rotate(KeyKind.ACTION, "k" + i).block()).isNotNull();
        }

        assertThat(impatient.keys()).extracting(StoredKey::id).containsExactlyInAnyOrder("k14", "k13");
    }

    @Test
    void onlyAReplacedKeyIsRevoked() {
        vault.rotate(KeyKind.ACTION, "k1").block();
        vault.rotate(KeyKind.ACTION, "k2").block();

        assertThat(vault.revoke("k2").block()).isEqualTo(Revocation.CURRENT);
        assertThat(vault.revoke("nope").block()).isEqualTo(Revocation.UNKNOWN);
        assertThat(vault.revoke("k1").block()).isEqualTo(Revocation.REVOKED);
        assertThat(vault.revoke("initial-action").block()).isEqualTo(Revocation.REVOKED);
        assertThat(vault.keys()).extracting(StoredKey::id).containsExactly("k2");
    }
}
