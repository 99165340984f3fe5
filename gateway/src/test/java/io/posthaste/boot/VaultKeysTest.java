package io.posthaste.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthaste.action.Action.Signature;
import io.posthaste.job.Header;
import io.posthaste.job.RenderedRequest;
import io.posthaste.sign.RequestSigner;
import io.posthaste.sign.SigningKey;
import io.posthaste.sign.SigningKeys;
import io.posthaste.store.vault.KeyKind;
import io.posthaste.store.vault.StoredKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VaultKeysTest {
    private static final long LATER = 90_000;

    private final SigningKey initial = SigningKey.of("configured");
    private List<StoredKey> stored = List.of();
    private final VaultKeys keys = new VaultKeys(() -> stored, KeyKind.ACTION, initial);

    @Test
    void theConfiguredKeySignsAloneUntilAnotherIsMade() {
        assertThat(keys.get().current()).isSameAs(initial);
        assertThat(keys.get().replaced()).isEmpty();
    }

    @Test
    void theConfiguredKeySignsBesideTheFirstThatReplacedIt() {
        stored = List.of(current("k1", "first"), new StoredKey("k0", KeyKind.ACTION, null, 0, LATER));

        assertThat(signature(keys.get().current())).isEqualTo(signature(SigningKey.of("first")));
        assertThat(keys.get().replaced())
                .containsExactly(new SigningKeys.Replaced(initial, Instant.ofEpochMilli(LATER)));
    }

    @Test
    void replacedKeysKeepTheirOrderAndTheirTime() {
        stored = List.of(current("k3", "third"), replaced("k2", "second", LATER), replaced("k1", "first", 1));

        assertThat(keys.get().replaced())
                .extracting(replaced -> signature(replaced.key()))
                .containsExactly(signature(SigningKey.of("second")), signature(SigningKey.of("first")));
        assertThat(keys.get().replaced())
                .extracting(SigningKeys.Replaced::until)
                .containsExactly(Instant.ofEpochMilli(LATER), Instant.ofEpochMilli(1));
    }

    @Test
    void aKeyOfAnotherKindSignsNothing() {
        stored = List.of(
                new StoredKey("r2", KeyKind.REPORTING, "reporting", 2, 0),
                new StoredKey("r1", KeyKind.REPORTING, "older", 1, LATER));

        assertThat(keys.get().current()).isSameAs(initial);
        assertThat(keys.get().replaced()).isEmpty();
    }

    @Test
    void keysAreMadeAnewOnlyWhenTheVaultChanged() {
        stored = List.of(current("k1", "first"));
        SigningKeys first = keys.get();

        assertThat(keys.get()).isSameAs(first);

        stored = List.of(current("k2", "second"));

        assertThat(signature(keys.get().current())).isEqualTo(signature(SigningKey.of("second")));
    }

    private static StoredKey current(String id, String text) {
        return new StoredKey(id, KeyKind.ACTION, text, 1, 0);
    }

    private static StoredKey replaced(String id, String text, long until) {
        return new StoredKey(id, KeyKind.ACTION, text, 1, until);
    }

    /** Keys are never printed and never equal: what they sign tells them apart. */
    private static List<Header> signature(SigningKey key) {
        RenderedRequest request = new RenderedRequest("POST", "", List.of(), new byte[] {1});
        return new RequestSigner(() -> SigningKeys.only(key), () -> Instant.EPOCH, "X-CIO-")
                .sign("d", "k", request, List.of(Signature.CIO))
                .headers();
    }
}
