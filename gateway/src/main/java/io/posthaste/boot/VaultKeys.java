package io.posthaste.boot;

import io.posthaste.sign.SigningKey;
import io.posthaste.sign.SigningKeys;
import io.posthaste.sign.SigningKeys.Replaced;
import io.posthaste.store.vault.KeyKind;
import io.posthaste.store.vault.StoredKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The signing keys of one kind as the vault holds them, made into keys only when they changed. */
final class VaultKeys implements Supplier<SigningKeys> {
    private final Supplier<List<StoredKey>> vault;
    private final KeyKind kind;
    private final SigningKey initial;
    private volatile Made made;

    private record Made(List<StoredKey> from, SigningKeys keys) {}

    /**
     * @param vault keys of all kinds; the same list until one changes
     * @param initial signs until a key of this kind is made through the API, and for its grace time then
     */
    VaultKeys(Supplier<List<StoredKey>> vault, KeyKind kind, SigningKey initial) {
        this.vault = vault;
        this.kind = kind;
        this.initial = initial;
        this.made = new Made(List.of(), SigningKeys.only(initial));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The vault hands out the same list until something changes.
    public SigningKeys get() {
        List<StoredKey> stored = vault.get();
        Made known = made;
        if (known.from() != stored) {
            known = new Made(stored, make(stored));
            made = known;
        }
        return known.keys();
    }

    private SigningKeys make(List<StoredKey> stored) {
        List<StoredKey> ofKind =
                stored.stream().filter(key -> key.kind() == kind).toList();
        SigningKey current = ofKind.stream()
                .filter(StoredKey::isCurrent)
                .findFirst()
                .map(this::key)
                .orElse(initial);
        List<Replaced> replaced = ofKind.stream()
                .filter(key -> !key.isCurrent())
                .map(key -> new Replaced(key(key), Instant.ofEpochMilli(key.signsUntilMillis())))
                .toList();
        return new SigningKeys(current, replaced);
    }

    private SigningKey key(StoredKey stored) {
        return stored.text() == null ? initial : SigningKey.of(stored.text());
    }
}
