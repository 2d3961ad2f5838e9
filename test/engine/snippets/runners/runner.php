<?php
// Has one receiver judge requests: `php runner.php requests.txt`, one answer on a line of its own.
declare(strict_types=1);

$receivers = [];
foreach (file($argv[1], FILE_IGNORE_NEW_LINES) as $line) {
    [$file, $method, $target, $fields, $body, $secrets] = explode("\t", $line);
    if (!isset($receivers[$file])) {
        // Receivers share their names, so each gets a namespace, and what serves a request is left out.
        $space = 'R' . count($receivers);
        $code = preg_replace('/\A<\?php.*?declare\(strict_types=1\);/s', "namespace $space; use Throwable, Exception, DateTimeImmutable;", file_get_contents($file));
        eval(strstr($code, '// While a key is being rotated', true));
        $receivers[$file] = "$space\\refusal_of";
    }
    $headers = [];
    foreach (array_filter(explode("\n", base64_decode($fields))) as $field) {
        [$name, $value] = explode(':', $field, 2);
        $headers[strtolower($name)] = $value;
    }
    $known = [
        'method' => $method,
        'target' => $target,
        'headers' => fn (string $name): string => $headers[strtolower($name)] ?? '',
        'body' => base64_decode($body),
        'secrets' => array_map('base64_decode', explode(',', $secrets)),
    ];
    $names = array_map(fn ($parameter) => $parameter->getName(), (new ReflectionFunction($receivers[$file]))->getParameters());
    $arguments = array_map(fn ($name) => $known[$name], $names);
    try {
        echo $receivers[$file](...$arguments) ?? 'genuine', "\n";
    } catch (Throwable $error) {
        echo 'threw ', $error->getMessage(), "\n";
    }
}
