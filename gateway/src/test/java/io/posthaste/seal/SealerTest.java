package io.posthaste.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
    private static final String KEY = "00112233445566778899aabbccddeeff".repeat(2);
    private static final String NEXT = "f".repeat(64);
    private static final byte[] PLAIN = "pässword".getBytes(StandardCharsets.UTF_8);

    private final Sealer sealer = Sealer.of(KEY, new Random(1));

    @Test
    void whatIsSealedOpensUnderTheSameName() {
        byte[] sealed = sealer.seal("secret", "zendesk", PLAIN);

        assertThat(sealer.open("secret", "zendesk", sealed)).isEqualTo(PLAIN);
        assertThat(HexFormat.of().formatHex(sealed))
                .doesNotContain(HexFormat.of().formatHex(PLAIN));
    }

    /** Made with OpenSSL (through Node): HKDF-Expand of the key, then AES-256-GCM. */
    @Test
    void anotherImplementationSealsTheSameWay() {
        byte[] sealed = HexFormat.of()
                .parseHex("01ded1c410000102030405060708090a0b8e2555883b8b92aa29766da7bf35a8f2430e39c42d46924373");

        assertThat(sealer.open("secret", "zendesk", sealed)).isEqualTo(PLAIN);
    }

    @Test
    void noTwoSealsAreTheSame() {
        assertThat(sealer.seal("secret", "a", PLAIN)).isNotEqualTo(sealer.seal("secret", "a", PLAIN));
    }

    @Test
    void nothingOpensUnderAnotherNameOrKind() {
        byte[] sealed = sealer.seal("secret", "a", PLAIN);

        assertThatThrownBy(() -> sealer.open("secret", "b", sealed))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("secret b was changed since it was encrypted");
        assertThatThrownBy(() -> sealer.open("request", "a", sealed)).isInstanceOf(UnreadableException.class);
    }

    @Test
    void nothingOpensThatWasChangedAnywhere() {
        byte[] sealed = sealer.seal("secret", "a", PLAIN);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;

            assertThatThrownBy(() -> sealer.open("secret", "a", changed)).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void nothingOpensThatIsTooShort() {
        byte[] sealed = sealer.seal("secret", "a", PLAIN);
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);

            assertThatThrownBy(() -> sealer.open("secret", "a", cut)).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void anOldKeyOpensAndTheFirstSeals() {
        byte[] before = sealer.seal("secret", "a", PLAIN);
        Sealer both = Sealer.of(NEXT + "," + KEY, new Random(2));
        byte[] after = both.seal("secret", "a", PLAIN);

        assertThat(both.open("secret", "a", before)).isEqualTo(PLAIN);
        assertThat(both.isCurrent(before)).isFalse();
        assertThat(both.isCurrent(after)).isTrue();
        assertThat(Sealer.of(NEXT, new Random(3)).open("secret", "a", after)).isEqualTo(PLAIN);
    }

    @Test
    void aMissingKeyIsNamedByItsIdAndNoKeyIsTold() {
        byte[] sealed = sealer.seal("secret", "a", PLAIN);

        assertThatThrownBy(() -> Sealer.of(NEXT, new Random(2)).open("secret", "a", sealed))
                .hasMessage("secret a was encrypted under the key ded1c410, which is not among keys.encryption");
        assertThat(MasterKey.of(KEY).toString()).isEqualTo("MasterKey[ded1c410]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret-text", "00112233445566778899aabbccddeeff", "zz"})
    void whatIsNoKeyIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> Sealer.of(text, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a key is 64 hexadecimal digits");
    }

    @Test
    void aMadeKeyIsUsable() {
        Sealer made = Sealer.of(Sealer.generate(new Random(5)) + "\n" + KEY, new Random(6));

        assertThat(made.open("secret", "a", made.seal("secret", "a", PLAIN))).isEqualTo(PLAIN);
    }
}
