# Has receivers judge requests: `ruby runner.rb requests.txt`, one answer on a line of its own.
receivers = {}
File.readlines(ARGV[0], chomp: true).each do |line|
  file, method, target, fields, body, secrets = line.split("\t", -1)
  # Receivers share their names, so each gets a module, and what serves a request is left out.
  receivers[file] ||= Module.new.tap do |receiver|
    # As `ruby receiver.rb` reads it, whatever the locale.
    receiver.module_eval(File.read(file, encoding: 'UTF-8').split("\nrun(lambda").first)
    receiver.module_eval { module_function(*instance_methods) }
  end
  headers = fields.unpack1('m0').split("\n").to_h { |field| field.split(':', 2) }.transform_keys(&:downcase)
  known = {
    method: method,
    target: target,
    headers: ->(name) { headers[name.downcase] },
    body: body.unpack1('m0'),
    secrets: secrets.split(',').map { |secret| secret.unpack1('m0') }
  }
  wanted = receivers[file].method(:refusal_of).parameters.map(&:last)
  puts receivers[file].refusal_of(**known.slice(*wanted)) || 'genuine'
end
