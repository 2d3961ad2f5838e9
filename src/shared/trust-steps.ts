/** What the names of local authorities begin with, and those of the intermediate ones that they sign; a mark of each follows. */
export const localAuthorityName = 'Hookyard local authority';

/** How one kind of program is told to trust the local authority. */
export interface TrustStep {
  readonly id: string;
  readonly name: string;
  /** A command or lines of code; `note` says where it holds. */
  readonly text: string;
  readonly note: string;
}

/** Where commands try it: the base URL of the HTTPS port, null while that is off, and the slug of a bin, null where there is none. */
export interface TrialBin {
  readonly httpsUrl: string | null;
  readonly slug: string | null;
}

/** How to trust the authority in a PEM file, for the programs that send webhooks. */
export function trustSteps(file: string, { httpsUrl, slug }: TrialBin): readonly TrustStep[] {
  const url = `${httpsUrl ?? 'https://127.0.0.1:4611'}/${slug ?? 'SLUG'}`;
  return [
    {
      id: 'curl',
      name: 'curl',
      text: `curl --cacert ${file} -d hello ${url}`,
      note: `For one command; CURL_CA_BUNDLE for all, in place of the usual ones.${slug === null ? ' SLUG stands for that of a bin: there is no bin yet.' : ''}`,
    },
    {
      id: 'node',
      name: 'Node.js',
      text: `NODE_EXTRA_CA_CERTS=${file} node app.js`,
      note: 'Read once, when the process starts; it adds to the authorities of Node.',
    },
    {
      id: 'python',
      name: 'Python (requests, httpx)',
      text: `cat "$(python -m certifi)" ${file} > bundle.pem\nREQUESTS_CA_BUNDLE=bundle.pem SSL_CERT_FILE=bundle.pem python app.py`,
      note: 'REQUESTS_CA_BUNDLE is read by requests, SSL_CERT_FILE by httpx, urllib and http.client. Each takes the place of the usual authorities, so the bundle has both.',
    },
    {
      id: 'java',
      name: 'Java',
      text: [
        `cp "$JAVA_HOME/lib/security/cacerts" trust.jks`,
        `keytool -importcert -noprompt -alias hookyard -file ${file} -keystore trust.jks -storepass changeit`,
        'java -Djavax.net.ssl.trustStore=trust.jks -Djavax.net.ssl.trustStorePassword=changeit -jar app.jar',
      ].join('\n'),
      note: 'In a copy of the usual store, which the JVM reads when it starts.',
    },
    {
      id: 'go',
      name: 'Go',
      text: `SSL_CERT_FILE=bundle.pem ./app`,
      note: 'On Linux, with the bundle as for Python; on macOS and Windows Go asks the system.',
    },
    {
      id: 'dotnet',
      name: '.NET',
      text: 'SSL_CERT_FILE=bundle.pem dotnet run',
      note: 'On Linux, where .NET uses OpenSSL; on macOS and Windows it asks the system.',
    },
    {
      id: 'openssl',
      name: 'OpenSSL',
      text: `openssl s_client -connect ${authorityOf(url)} -CAfile ${file}`,
      note: 'Shows the handshake and the chain.',
    },
    {
      id: 'chrome',
      name: 'Chrome, Edge',
      text: `certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n hookyard -i ${file}`,
      note: 'On Linux. On macOS import the file into Keychain Access and trust it there; on Windows into "Trusted Root Certification Authorities".',
    },
    {
      id: 'firefox',
      name: 'Firefox',
      text: 'Settings > Privacy & Security > Certificates > View Certificates > Authorities > Import',
      note: 'Choose the file and tick "Trust this CA to identify websites".',
    },
  ];
}

/** Host and port of a URL. */
function authorityOf(url: string): string {
  return url.replace(/^[a-z]+:\/\//i, '').replace(/[/?#].*$/, '');
}
