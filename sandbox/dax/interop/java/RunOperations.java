import java.nio.charset.StandardCharsets;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.retry.RetryPolicy;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.dax.ClusterDaxClient;
import software.amazon.dax.Configuration;

/**
 * Runs a table of operations with AWS's Java client for DAX, or directly with the AWS SDK for Java, and prints the answers.
 *
 * <p>Usage: RunOperations (dax|direct) ENDPOINT &lt; request. Standard input: {"operations": [{"name", "call", "request"}, ...],
 * "region", "accessKeyId"}; binary values are base64 text under "B" or "BS". Standard output: one JSON line an operation,
 * {"name", "answer"} or {"name", "error": {"code", "message", "reasons"}}.
 */
public final class RunOperations {
  /**
   * Of a response, alike to its getters when empty and when not set, and left out here: the DAX client does not set the first when
   * nothing is left over, and sets the second for a count.
   */
  private static final Set<String> ALIKE_WHEN_EMPTY = Set.of("UnprocessedKeys", "Items");

  private static final String MODELS = "software.amazon.awssdk.services.dynamodb.model.";

  public static void main(String[] arguments) throws Exception {
    JsonNode input = JsonNode.parser().parse(System.in);
    DynamoDbClient client = newClient(arguments[0], arguments[1], text(input, "region"), text(input, "accessKeyId"));
    StringBuilder lines = new StringBuilder();
    for (JsonNode operation : input.field("operations").get().asArray()) {
      lines.append(new String(run(client, operation), StandardCharsets.UTF_8)).append('\n');
    }
    System.out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
    System.out.flush();
    System.exit(0); // the client's threads would keep the process for some seconds
  }

  private static DynamoDbClient newClient(String kind, String endpoint, String region, String accessKeyId) throws Exception {
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, "local"));
    if (kind.equals("dax")) {
      Configuration configuration =
          Configuration.builder().url(endpoint).region(Region.of(region)).credentialsProvider(credentials).build();
      return ClusterDaxClient.builder().overrideConfiguration(configuration).build();
    }
    return DynamoDbClient.builder()
        .endpointOverride(URI.create(endpoint))
        .region(Region.of(region))
        .credentialsProvider(credentials)
        .overrideConfiguration(override -> override.retryPolicy(RetryPolicy.none()))
        .build();
  }

  private static byte[] run(DynamoDbClient client, JsonNode operation) throws Exception {
    JsonWriter out = JsonWriter.create();
    out.writeStartObject().writeFieldName("name").writeValue(text(operation, "name"));
    String call = text(operation, "call");
    try {
      Class<?> requestClass =
          Class.forName(MODELS + Character.toUpperCase(call.charAt(0)) + call.substring(1) + "Request");
      SdkPojo builder = (SdkPojo) requestClass.getMethod("builder").invoke(null);
      Object request = toPojo(operation.field("request").get(), builder);
      Method method = DynamoDbClient.class.getMethod(call, requestClass);
      Object answer;
      try {
        answer = method.invoke(client, request);
      } catch (InvocationTargetException thrown) {
        throw thrown.getCause();
      }
      out.writeFieldName("answer");
      writePojo(out, (SdkPojo) answer);
    } catch (Throwable error) { // a client that breaks is a result, too
      out.writeFieldName("error");
      writeError(out, error);
    }
    out.writeEndObject();
    return out.getBytes();
  }

  private static void writeError(JsonWriter out, Throwable error) {
    String code = error.getClass().getSimpleName();
    String message = String.valueOf(error.getMessage());
    if (error instanceof AwsServiceException && ((AwsServiceException) error).awsErrorDetails() != null) {
      code = String.valueOf(((AwsServiceException) error).awsErrorDetails().errorCode());
      // the DAX client puts its vector in front: [4.37.38.39.43]
      message = String.valueOf(((AwsServiceException) error).awsErrorDetails().errorMessage()).replaceFirst("^\\[[0-9.]+\\] ", "");
    }
    out.writeStartObject().writeFieldName("code").writeValue(code).writeFieldName("message").writeValue(message);
    if (error instanceof TransactionCanceledException && ((TransactionCanceledException) error).hasCancellationReasons()) {
      out.writeFieldName("reasons").writeStartArray();
      ((TransactionCanceledException) error).cancellationReasons().forEach(reason -> writePojo(out, reason));
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private static Object toPojo(JsonNode fields, SdkPojo builder) {
    Map<String, JsonNode> given = fields.asObject();
    for (SdkField<?> field : builder.sdkFields()) {
      JsonNode value = given.get(field.locationName());
      if (value != null) field.set(builder, toJava(value, field));
    }
    return ((SdkBuilder<?, ?>) builder).build();
  }

  private static Object toJava(JsonNode value, SdkField<?> field) {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.SDK_BYTES) return SdkBytes.fromByteArray(Base64.getDecoder().decode(value.asString()));
    if (type == MarshallingType.SDK_POJO) return toPojo(value, field.constructor().get());
    if (type == MarshallingType.INTEGER) return Integer.valueOf(value.asNumber());
    if (type == MarshallingType.BOOLEAN) return value.asBoolean();
    if (type == MarshallingType.LIST) {
      SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
      List<Object> list = new ArrayList<>();
      for (JsonNode element : value.asArray()) list.add(toJava(element, member));
      return list;
    }
    if (type == MarshallingType.MAP) {
      SdkField<?> member = field.getTrait(MapTrait.class).valueFieldInfo();
      Map<String, Object> map = new LinkedHashMap<>();
      value.asObject().forEach((name, element) -> map.put(name, toJava(element, member)));
      return map;
    }
    if (value.isObject()) return text(value, "repeat").repeat(Integer.parseInt(value.field("times").get().asNumber()));
    return value.asString();
  }

  private static void writePojo(JsonWriter out, SdkPojo pojo) {
    out.writeStartObject();
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      // lists and maps that nobody has set
      if (value == null || value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap) continue;
      if (ALIKE_WHEN_EMPTY.contains(field.locationName()) && isEmpty(value)) continue;
      out.writeFieldName(field.locationName());
      writeJava(out, value);
    }
    out.writeEndObject();
  }

  private static void writeJava(JsonWriter out, Object value) {
    if (value instanceof SdkPojo) writePojo(out, (SdkPojo) value);
    else if (value instanceof SdkBytes) out.writeValue(Base64.getEncoder().encodeToString(((SdkBytes) value).asByteArray()));
    else if (value instanceof Boolean) out.writeValue((Boolean) value);
    else if (value instanceof Integer) out.writeValue((Integer) value);
    else if (value instanceof Double) out.writeValue((Double) value);
    else if (value instanceof List) {
      out.writeStartArray();
      for (Object element : (List<?>) value) writeJava(out, element);
      out.writeEndArray();
    } else if (value instanceof Map) {
      out.writeStartObject();
      ((Map<?, ?>) value).forEach((name, element) -> {
        out.writeFieldName((String) name);
        writeJava(out, element);
      });
      out.writeEndObject();
    } else out.writeValue(String.valueOf(value));
  }

  private static boolean isEmpty(Object value) {
    return value instanceof Map ? ((Map<?, ?>) value).isEmpty() : value instanceof List && ((List<?>) value).isEmpty();
  }

  private static String text(JsonNode node, String field) {
    return node.field(field).map(JsonNode::asString).orElse("");
  }

  private RunOperations() {}
}
