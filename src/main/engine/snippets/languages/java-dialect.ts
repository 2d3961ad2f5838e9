import { doubleQuoted as quote, indent, when } from '../code-text.ts';
import { namedPieces, type Dialect } from '../dialect.ts';
import type { RequestPart } from '../recipe.ts';
import { hashNames, compareMac, compareKey, macLines, encodedMac } from './java-proofs.ts';

const parameterTypes: Readonly<Record<RequestPart, string>> = {
  method: 'String method',
  target: 'String target',
  headers: 'UnaryOperator<String> headers',
  body: 'byte[] body',
};

const refuse = (sentence: string) => `return ${quote(sentence)};`;
const header = (name: string) => `headers.apply(${quote(name)})`;
const isLate = (sentence: string) => `if (Math.abs(ageMs) > TOLERANCE_SECONDS * 1000) ${refuse(sentence)}`;
const at = (node: string, path: readonly string[]) => `${node}${path.map((name) => `.path(${quote(name)})`).join('')}.asText()`;

/** The steps of verifying in Java, with the JDK alone except for JSON, which Jackson reads. */
export const javaDialect: Dialect = {
  step: '    ',
  open: (parts) =>
    `static String refusalOf(${[...parts.map((part) => parameterTypes[part]), 'List<String> secrets'].join(', ')}) throws Exception {`,
  close: '}',
  quote,
  expressions: {
    ...namedPieces,
    url: 'url',
    'decoded-url': 'decodedUrl',
    'target-path': 'target.split("[?]", 2)[0]',
    'target-query': '"?" + target.replaceFirst("^[^?]*[?]?", "")',
    'origin-scheme': 'ORIGIN.split("://")[0]',
    authority: 'ORIGIN.split("://")[1]',
    fields: 'sortedFields(body)',
    crc32: 'Long.toString(checksum.getValue())',
    'webhook-id': 'WEBHOOK_ID',
    'listed-values': 'listedValues',
    'listed-lines': 'listedLines',
    parameters: 'found.group(1)',
    'unsigned-token': 'parts[0] + "." + parts[1]',
  },
  field: (name) => `Objects.requireNonNullElse(${header(name)}, "").trim()`,
  refuse,

  readHeaders: (headers, sentence) => [
    headers.map(({ variable, name }) => `var ${variable} = ${header(name)};`),
    `if (${headers.map(({ variable }) => `${variable} == null || ${variable}.isEmpty()`).join(' || ')}) {`,
    `    ${refuse(sentence)}`,
    '}',
  ],
  requireValue: (name, value, sentence) => `if (!${quote(value)}.equals(${header(name)})) ${refuse(sentence)}`,
  readAlternatives: (names) => `var signatures = Stream.of(${names.map(quote).join(', ')}).map(headers).filter(Objects::nonNull).toList();`,
  takeOne: 'var signatures = List.of(signature);',
  readEntries: ({ separator, lead, timeLabel, listLabel }) => {
    const entry = (label: string) =>
      `entries.stream().filter(entry -> entry.startsWith(${quote(label)})).findFirst().map(entry -> entry.substring(${label.length})).orElse("");`;
    return [
      `var entries = Arrays.asList(signature.split(${quote(separator === '.' ? '[.]' : separator)}));`,
      timeLabel === null ? null : `var timestamp = ${entry(timeLabel)}`,
      listLabel === null ? null : `var listed = ${entry(listLabel)}`,
      '// While a secret is being rotated there may be several.',
      `var signatures = entries.stream().filter(entry -> entry.startsWith(${quote(lead)})).toList();`,
    ];
  },
  readObject: (object) => [
    `JsonNode fields = new ObjectMapper().readTree(body).path(${quote(object)});`,
    'var timestamp = fields.path("timestamp").asText();',
    'var token = fields.path("token").asText();',
    'var signatures = List.of(fields.path("signature").asText());',
  ],
  readBodyTime: (field) => [
    'JsonNode fields = new ObjectMapper().readTree(body);',
    `var timestamp = fields.path(${quote(field)}).asText();`,
  ],
  readToken: ({ algorithm, digestClaim }, claim, { shape, ...refusals }) => [
    'var parts = token.split("[.]", -1);',
    `if (parts.length != 3) ${refuse(shape)}`,
    'JsonNode head;',
    'JsonNode claims;',
    'try {',
    '    head = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[0]));',
    '    claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));',
    '} catch (IOException | IllegalArgumentException error) {',
    `    ${refuse(shape)}`,
    '}',
    '// Before any key is used: a token may not choose how it is checked.',
    `if (!head.path("alg").asText().equals(${quote(algorithm)})) ${refuse(refusals.algorithm)}`,
    when(claim !== null, `var timestamp = ${at('claims', [claim ?? ''])};`),
    'var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));',
    `if (!${at('claims', [digestClaim])}.equals(hash)) ${refuse(refusals.digest)}`,
    'var signatures = List.of(parts[2]);',
  ],
  readMessage: (inputPattern, signaturePattern, sentence) => [
    `var found = Pattern.compile(${quote(inputPattern)}).matcher(input);`,
    `var made = Pattern.compile(${quote(signaturePattern)}).matcher(signature);`,
    `if (!found.find() || !made.find()) ${refuse(sentence)}`,
    'var timestamp = found.group(2);',
    'var signatures = List.of(made.group(1));',
  ],
  checkItems: ({ list, wrapper, signature, fields, separator }, recipe, { none, mismatch }) => [
    'JsonNode items;',
    'try {',
    `    items = new ObjectMapper().readTree(body).path(${quote(list)});`,
    '} catch (IOException error) {',
    `    ${refuse(none)}`,
    '}',
    `if (items.isEmpty()) ${refuse(none)}`,
    '// Each is signed by itself, so one that is not genuine spoils them all.',
    'for (var entry : items) {',
    indent('    ', [
      `var item = entry.path(${quote(wrapper)});`,
      `var signed = String.join(${quote(separator)},`,
      fields.map(
        (path, index) => `        ${at('item', path)}${index === fields.length - 1 ? ').getBytes(StandardCharsets.UTF_8);' : ','}`,
      ),
      'var isGenuine = false;',
      'for (var secret : secrets) {',
      indent('    ', [macLines(recipe, 'signed'), `if (isSame(${at('item', signature)}, ${encodedMac(recipe)})) isGenuine = true;`]),
      '}',
      `if (!isGenuine) ${refuse(mismatch)}`,
    ]),
    '}',
    'return null;',
  ],

  checkNumber: (unit, { form, late }) => [
    `if (!timestamp.matches("[0-9]{1,15}")) ${refuse(form)}`,
    `long ageMs = ${unit === 's' ? '(System.currentTimeMillis() / 1000 - Long.parseLong(timestamp)) * 1000' : 'System.currentTimeMillis() - Long.parseLong(timestamp)'};`,
    isLate(late),
  ],
  checkDate: ({ form, late }) => [
    'long ageMs;',
    'try {',
    '    ageMs = Duration.between(OffsetDateTime.parse(timestamp).toInstant(), Instant.now()).toMillis();',
    '} catch (DateTimeParseException error) {',
    `    ${refuse(form)}`,
    '}',
    isLate(late),
  ],

  url: 'var url = ORIGIN + target;',
  decodedUrl: [
    'var decodedUrl = Pattern.compile("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", Pattern.CASE_INSENSITIVE).matcher(url)',
    '        .replaceAll(match -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 16))));',
  ],
  checksum: ['var checksum = new CRC32();', 'checksum.update(body);'],
  checkParameter: (name, sentence) => [
    `var digest = Stream.of(url.replaceFirst("^[^?]*[?]?", "").split("&")).filter(pair -> pair.startsWith(${quote(`${name}=`)}))`,
    `        .findFirst().map(pair -> pair.substring(${name.length + 1})).orElse("");`,
    'var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));',
    `if (!isSame(digest, hash)) ${refuse(sentence)}`,
  ],
  checkDigest: ({ label, hash }, sentence) => [
    `var hash = Base64.getEncoder().encodeToString(MessageDigest.getInstance("${hashNames[hash]}").digest(body));`,
    `if (!digest.equals("${label}=:" + hash + ":")) ${refuse(sentence)}`,
  ],
  refuseQuery: (sentence) => `if (target.matches(".*[?%].*")) ${refuse(sentence)}`,
  listedValues: [
    'var listedValues = Arrays.stream(listed.split(" ")).map(name -> Objects.requireNonNullElse(headers.apply(name), ""))',
    '        .collect(Collectors.joining("."));',
  ],
  listedNames: 'var names = Arrays.stream(listed.toLowerCase().split(",")).map(String::trim).sorted().toList();',
  requireListed: (name, sentence) => `if (!names.contains(${quote(name)})) ${refuse(sentence)}`,
  listedLines: [
    'var listedLines = names.stream().map(name -> name + ":" + Objects.requireNonNullElse(headers.apply(name), "").trim())',
    '        .collect(Collectors.joining(";"));',
  ],

  join: (runs) => [
    'var signed = new ByteArrayOutputStream();',
    runs.map((run) => {
      if (run.kind === 'body') return 'signed.write(body);';
      const text = run.expressions.join(' + ');
      return `signed.write(${run.expressions.length === 1 && !text.includes(' + ') ? text : `(${text})`}.getBytes(StandardCharsets.UTF_8));`;
    }),
  ],
  compareToken: (sentence) => ['for (var secret : secrets) {', '    if (isSame(signature, secret)) return null;', '}', refuse(sentence)],
  compare: (recipe, lead, sentence) => [
    'for (var secret : secrets) {',
    indent('    ', recipe.proof.kind === 'mac' ? compareMac(recipe, lead) : compareKey(recipe, lead)),
    '}',
    refuse(sentence),
  ],
};
