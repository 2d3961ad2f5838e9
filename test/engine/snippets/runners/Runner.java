import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Has receivers judge requests: {@code java Runner requests.txt}, one answer on a line of its own. */
public class Runner {
    public static void main(String[] arguments) throws Exception {
        for (var line : Files.readAllLines(Path.of(arguments[0]))) {
            var fields = line.split("\t", -1);
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (var field : text(fields[3]).split("\n")) {
                if (!field.isEmpty()) headers.put(field.substring(0, field.indexOf(':')), field.substring(field.indexOf(':') + 1));
            }
            UnaryOperator<String> header = headers::get;
            Map<String, Object> known = Map.of(
                    "method", fields[1],
                    "target", fields[2],
                    "headers", header,
                    "body", Base64.getDecoder().decode(fields[4]),
                    "secrets", Arrays.stream(fields[5].split(",")).map(Runner::text).toList());
            Method refusalOf = Arrays.stream(Class.forName(fields[0]).getDeclaredMethods())
                    .filter(method -> method.getName().equals("refusalOf")).findFirst().orElseThrow();
            refusalOf.setAccessible(true);
            try {
                var refusal = refusalOf.invoke(null, Arrays.stream(refusalOf.getParameters()).map(parameter -> known.get(parameter.getName())).toArray());
                System.out.println(refusal == null ? "genuine" : refusal);
            } catch (InvocationTargetException error) {
                System.out.println("threw " + error.getCause());
            }
        }
    }

    private static String text(String field) {
        return new String(Base64.getDecoder().decode(field), StandardCharsets.UTF_8);
    }
}
