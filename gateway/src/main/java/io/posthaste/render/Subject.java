package io.posthaste.render;

import io.posthaste.job.Ids;
import io.posthaste.job.Job;
import io.posthaste.job.Person;
import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Lookup;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Projection;
import io.posthaste.liquid.value.Values;
import io.posthaste.subject.CustomerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a job is for, as its data tell it.
 *
 * @param given the person's id as it was given, in {@code customer_id} or else as {@code customer.id}; empty for nobody
 * @param customer the attributes that came with the job; null when none did
 * @param isOnlyNamed whether there is a {@code customer_id} and no {@code customer}: the person store has the rest
 */
record Subject(String given, @Nullable Map<String, Object> customer, boolean isOnlyNamed) {
    private static final Projection NAMES = names();

    private static Projection names() {
        Projection.Builder names = new Projection.Builder(Set.of(), Set.of());
        names.slot(List.of("customer_id"));
        names.slot(List.of("customer"));
        return names.build();
    }

    /** @throws JsonException when the data are no JSON object */
    static Subject of(Job job) {
        Object[] slots = JsonReader.read(job.data(), NAMES);
        Object id = CustomerId.of(slots[0], Lookup.member(slots[1], "id"));
        boolean onlyNamed = !(slots[0] instanceof Nil) && slots[1] == Nil.MISSING;
        return new Subject(Values.text(id), slots[1] instanceof Map<?, ?> map ? named(map) : null, onlyNamed);
    }

    private static Map<String, Object> named(Map<?, ?> map) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        map.forEach((name, value) -> attributes.put(name.toString(), value));
        return attributes;
    }

    /** The id to know the person by, or null when none was given that could be one. */
    @Nullable
    String id() {
        return Ids.isId(given) ? given : null;
    }

    /** Why there is nobody whose attributes could be read or set (M47). The reason names no value. */
    String whyNobody() {
        return given.isEmpty()
                ? "the data name no person: give customer_id or customer.id"
                : "the person's id is not 1 to 64 of A-Z a-z 0-9 . _ -";
    }

    /** What templates see as {@code customer}: what is stored, and what came with the job where nothing is. */
    Object seenWith(@Nullable Person person) {
        if (person == null) {
            return customer == null ? Nil.ABSENT : customer;
        }
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("id", person.id());
        if (customer != null) {
            seen.putAll(customer);
        }
        seen.putAll(Attributes.read(person.attributes()));
        return seen;
    }
}
