package io.posthaste.subject;

import io.posthaste.liquid.value.JsonException;
import io.posthaste.liquid.value.JsonReader;
import io.posthaste.liquid.value.Nil;
import io.posthaste.liquid.value.Projection;
import io.posthaste.liquid.value.Values;
import java.util.List;
import java.util.Set;

/** The person's id as a job's data give it: {@code customer_id}, or else {@code customer.id}. */
public final class CustomerId {
    private static final Projection IDS = ids();

    private CustomerId() {}

    private static Projection ids() {
        Projection.Builder ids = new Projection.Builder(Set.of(), Set.of());
        ids.slot(List.of("customer_id"));
        ids.slot(List.of("customer", "id"));
        return ids.build();
    }

    /** Which of the two it is. */
    public static Object of(Object customerId, Object idOfCustomer) {
        return customerId instanceof Nil ? idOfCustomer : customerId;
    }

    /**
     * As text, empty for nobody. One pass over the data, which takes what the rest is not into account.
     *
     * @param data a JSON object as a producer wrote it; what is none names nobody
     */
    public static String of(byte[] data) {
        try {
            Object[] slots = JsonReader.read(data, IDS);
            return Values.text(of(slots[0], slots[1]));
        } catch (JsonException malformed) {
            return "";
        }
    }
}
