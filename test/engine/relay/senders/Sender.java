import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends requests from a file, one a line: way, URL, file of the body, headers; parts with tabs between them. */
class Sender {
  public static void main(String[] arguments) throws Exception {
    // As it is by default, it offers HTTP/2 by an upgrade.
    HttpClient client = HttpClient.newHttpClient();
    for (String order : Files.readAllLines(Path.of(arguments[0]))) {
      String[] parts = order.split("\t");
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(parts[1]));
      for (int at = 3; at < parts.length; at += 1) {
        String[] header = parts[at].split(": ", 2);
        request.header(header[0], header[1]);
      }
      request.POST(HttpRequest.BodyPublishers.ofFile(Path.of(parts[2])));
      System.out.println(client.send(request.build(), BodyHandlers.discarding()).statusCode());
    }
  }
}
