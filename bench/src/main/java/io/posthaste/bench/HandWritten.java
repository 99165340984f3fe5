package io.posthaste.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a developer would write for one fixed body instead of a template: the yardstick of the render benchmarks. */
@SuppressWarnings("UnnecessaryStringBuilder") // A builder of the right size is what the careful write, and faster here.
final class HandWritten {
    private HandWritten() {}

    static byte[] zendesk(Map<String, Object> data) {
        Map<?, ?> customer = map(data, "customer");
        Map<?, ?> event = map(data, "event");
        return new StringBuilder(512)
                .append("{\n  \"ticket\": {\n    \"subject\": \"")
                .append(customer.get("company_name"))
                .append(" has canceled their account.\",\n    \"comment\": { \"body\": \"")
                .append(event.get("feedback"))
                .append("\" },\n    \"requester\": { \"name\": \"")
                .append(customer.get("firstName"))
                .append(' ')
                .append(customer.get("lastName"))
                .append("\", \"email\": \"")
                .append(customer.get("email"))
                .append("\" }\n  }\n}")
                .toString()
                .getBytes(UTF_8);
    }

    static byte[] lob(Map<String, Object> data) {
        Map<?, ?> customer = map(data, "customer");
        return new StringBuilder(1024)
                .append("{\n  \"description\": \"What a fancy postcard\",\n  \"to\": {\n    \"name\": \"")
                .append(customer.get("first_name"))
                .append(' ')
                .append(customer.get("last_name"))
                .append("\",\n    \"address_line1\": \"")
                .append(customer.get("address_1"))
                .append("\",\n    \"address_line2\": \"")
                .append(customer.get("address_2"))
                .append("\",\n    \"address_city\": \"")
                .append(customer.get("city"))
                .append("\",\n    \"address_state\": \"")
                .append(customer.get("State"))
                .append("\",\n    \"address_zip\": \"")
                .append(customer.get("zip"))
                .append("\",\n    \"address_country\": \"US\"\n  },\n  \"from\": {\n    \"name\": \"Your Company\",\n")
                .append("    \"address_line1\": \"123 Main St\",\n    \"address_line2\": \"Ste 300\",\n")
                .append("    \"address_city\": \"Portland\",\n    \"address_state\": \"OR\",\n")
                .append("    \"address_zip\": \"97205\",\n    \"address_country\": \"US\"\n  },\n")
                .append("  \"front\": \"https://assets.example/front.pdf\",\n")
                .append("  \"back\": \"<html style='padding: 1in; font-size: 18;'>Hi ")
                .append(customer.get("first_name"))
                .append(", Thanks for being our customer!</html>\"\n}")
                .toString()
                .getBytes(UTF_8);
    }

    static byte[] close(Map<String, Object> data) {
        Map<?, ?> customer = map(data, "customer");
        StringBuilder out = new StringBuilder(1024)
                .append("{\n  \"name\": \"")
                .append(customer.get("company_name"))
                .append("\",\n  \"url\": \"");
        if (isFilled(customer.get("company_url"))) {
            out.append(customer.get("company_url"));
        }
        out.append("\",\n  \"description\": \"")
                .append(customer.get("bio"))
                .append("\",\n  \"contacts\": [\n    {\n      \"name\": \"")
                .append(customer.get("first_name"))
                .append(' ')
                .append(customer.get("last_name"))
                .append("\",\n      \"title\": \"")
                .append(customer.get("jobTitle"))
                .append("\",\n      \"emails\": [ { \"type\": \"office\", \"email\": \"")
                .append(customer.get("email"))
                .append("\" } ],\n      \"phones\": [ { \"type\": \"office\", \"phone\": \"")
                .append(customer.get("phone"))
                .append("\" } ]\n    }\n  ],\n  \"custom\": { \"Source\": \"");
        out.append(isFilled(customer.get("source")) ? customer.get("source") : "Unknown");
        return out.append("\" },\n  \"addresses\": []\n}").toString().getBytes(UTF_8);
    }

    static byte[] loop(Map<String, Object> data) {
        List<?> items = (List<?>) map(data, "event").get("items");
        StringBuilder out = new StringBuilder(2048).append("{\"items\": [");
        for (int i = 0; i < items.size(); i++) {
            Map<?, ?> item = (Map<?, ?>) items.get(i);
            out.append("\n  {\"n\": ")
                    .append(i + 1)
                    .append(", \"sku\": \"")
                    .append(String.valueOf(item.get("sku")).toUpperCase(Locale.ROOT))
                    .append("\", \"qty\": ");
            out.append((Integer) item.get("qty") + 1).append(", \"gift\": ");
            out.append(Boolean.TRUE.equals(item.get("gift")) ? "\"yes\"" : "\"no\"")
                    .append('}');
            if (i < items.size() - 1) {
                out.append(',');
            }
        }
        return out.append("\n]}").toString().getBytes(UTF_8);
    }

    private static boolean isFilled(Object value) {
        return value instanceof String text && !text.isEmpty();
    }

    private static Map<?, ?> map(Map<String, Object> data, String name) {
        return (Map<?, ?>) data.get(name);
    }
}
