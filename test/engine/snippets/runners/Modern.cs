// What receivers use of .NET 8 and its packages and Mono does not have, by the same names. Signatures are OpenSSL's to judge, hashes Mono's.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

public static class Convert
{
    public static byte[] FromBase64String(string text) => System.Convert.FromBase64String(text);
    public static string ToBase64String(byte[] bytes) => System.Convert.ToBase64String(bytes);
    public static string ToHexString(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", "");

    public static byte[] FromHexString(string text)
    {
        if (text.Length % 2 != 0) throw new FormatException("An odd number of digits.");
        return Enumerable.Range(0, text.Length / 2).Select(at => System.Convert.ToByte(text.Substring(at * 2, 2), 16)).ToArray();
    }
}

public static class CryptographicOperations
{
    public static bool FixedTimeEquals(byte[] left, byte[] right) => left.SequenceEqual(right);
}

public static class HMACSHA1 { public static byte[] HashData(byte[] key, byte[] data) => new System.Security.Cryptography.HMACSHA1(key).ComputeHash(data); }
public static class HMACSHA256 { public static byte[] HashData(byte[] key, byte[] data) => new System.Security.Cryptography.HMACSHA256(key).ComputeHash(data); }
public static class HMACSHA384 { public static byte[] HashData(byte[] key, byte[] data) => new System.Security.Cryptography.HMACSHA384(key).ComputeHash(data); }
public static class HMACSHA512 { public static byte[] HashData(byte[] key, byte[] data) => new System.Security.Cryptography.HMACSHA512(key).ComputeHash(data); }
public static class SHA256 { public static byte[] HashData(byte[] data) => System.Security.Cryptography.SHA256.Create().ComputeHash(data); }
public static class SHA512 { public static byte[] HashData(byte[] data) => System.Security.Cryptography.SHA512.Create().ComputeHash(data); }

public enum DSASignatureFormat { IeeeP1363FixedFieldConcatenation, Rfc3279DerSequence }

public struct ECPoint { public byte[] X; public byte[] Y; }

public struct ECParameters { public string Curve; public ECPoint Q; }

public static class ECCurve { public static class NamedCurves { public const string nistP256 = "P-256"; } }

/// <summary>A public key that OpenSSL holds.</summary>
public class OpenSslKey
{
    [DllImport("libcrypto.so.3")] private static extern IntPtr d2i_PUBKEY(IntPtr none, ref IntPtr der, long length);
    [DllImport("libcrypto.so.3")] private static extern IntPtr d2i_X509(IntPtr none, ref IntPtr der, long length);
    [DllImport("libcrypto.so.3")] private static extern IntPtr X509_get_pubkey(IntPtr certificate);
    [DllImport("libcrypto.so.3")] private static extern IntPtr EVP_MD_CTX_new();
    [DllImport("libcrypto.so.3")] private static extern IntPtr EVP_sha256();
    [DllImport("libcrypto.so.3")] private static extern int EVP_DigestVerifyInit(IntPtr context, IntPtr none, IntPtr hash, IntPtr engine, IntPtr key);
    [DllImport("libcrypto.so.3")] private static extern int EVP_DigestVerify(IntPtr context, byte[] signature, UIntPtr length, byte[] data, UIntPtr dataLength);

    protected IntPtr Handle;

    protected delegate IntPtr Reader(IntPtr none, ref IntPtr der, long length);

    protected static IntPtr Read(byte[] der, bool isCertificate)
    {
        var memory = Marshal.AllocHGlobal(der.Length);
        Marshal.Copy(der, 0, memory, der.Length);
        var at = memory;
        var key = isCertificate ? X509_get_pubkey(d2i_X509(IntPtr.Zero, ref at, der.Length)) : d2i_PUBKEY(IntPtr.Zero, ref at, der.Length);
        if (key == IntPtr.Zero) throw new CryptographicException("This is no key.");
        return key;
    }

    protected static byte[] FromPem(string pem) =>
        System.Convert.FromBase64String(string.Concat(pem.Split('\n').Where(line => !line.StartsWith("-----"))));

    protected bool IsSigned(byte[] data, byte[] signature, bool isHashed)
    {
        var context = EVP_MD_CTX_new();
        EVP_DigestVerifyInit(context, IntPtr.Zero, isHashed ? EVP_sha256() : IntPtr.Zero, IntPtr.Zero, Handle);
        return EVP_DigestVerify(context, signature, (UIntPtr)signature.Length, data, (UIntPtr)data.Length) == 1;
    }
}

public sealed class ECDsa : OpenSslKey, IDisposable
{
    private static readonly byte[] Head = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    public static ECDsa Create() => new ECDsa();
    public static ECDsa Create(ECParameters key) => new ECDsa { Handle = Read(Head.Concat(key.Q.X).Concat(key.Q.Y).ToArray(), false) };
    public void ImportFromPem(string pem) => Handle = Read(FromPem(pem), false);

    public void ImportSubjectPublicKeyInfo(byte[] der, out int read)
    {
        Handle = Read(der, false);
        read = der.Length;
    }

    public bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hash) =>
        signature.Length == 64 && IsSigned(data, Sequence(Integer(signature.Take(32)).Concat(Integer(signature.Skip(32)))), true);

    public bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hash, DSASignatureFormat format) =>
        format == DSASignatureFormat.Rfc3279DerSequence ? IsSigned(data, signature, true) : VerifyData(data, signature, hash);

    public void Dispose() { }

    private static byte[] Sequence(IEnumerable<byte> content) => new byte[] { 0x30, (byte)content.Count() }.Concat(content).ToArray();

    private static IEnumerable<byte> Integer(IEnumerable<byte> digits)
    {
        var bytes = digits.SkipWhile(digit => digit == 0).ToArray();
        if (bytes.Length == 0 || bytes[0] >= 0x80) bytes = new byte[] { 0 }.Concat(bytes).ToArray();
        return new byte[] { 2, (byte)bytes.Length }.Concat(bytes);
    }
}

public sealed class RSA : OpenSslKey, IDisposable
{
    public RSA(string pem) => Handle = Read(FromPem(pem), true);
    public bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hash, RSASignaturePadding padding) => IsSigned(data, signature, true);
    public void Dispose() { }
}

namespace System.Security.Cryptography.X509Certificates
{
    public sealed class X509Certificate2
    {
        private string pem;
        public static X509Certificate2 CreateFromPem(string pem) => new X509Certificate2 { pem = pem };
        public global::RSA GetRSAPublicKey() => new global::RSA(pem);
    }
}

namespace NSec.Cryptography
{
    public enum KeyBlobFormat { RawPublicKey, PkixPublicKeyText }

    public sealed class PublicKey : OpenSslKey
    {
        private static readonly byte[] Head = Convert.FromHexString("302a300506032b6570032100");

        public static PublicKey Import(SignatureAlgorithm algorithm, byte[] blob, KeyBlobFormat format) => new PublicKey
        {
            Handle = Read(format == KeyBlobFormat.RawPublicKey ? Head.Concat(blob).ToArray() : FromPem(System.Text.Encoding.UTF8.GetString(blob)), false),
        };

        public bool IsMadeBy(byte[] data, byte[] signature) => IsSigned(data, signature, false);
    }

    public sealed class SignatureAlgorithm
    {
        public static readonly SignatureAlgorithm Ed25519 = new SignatureAlgorithm();
        public bool Verify(PublicKey key, byte[] data, byte[] signature) => key.IsMadeBy(data, signature);
    }
}

namespace System.IO.Hashing
{
    public static class Crc32
    {
        public static uint HashToUInt32(byte[] data)
        {
            var sum = 0xFFFFFFFF;
            foreach (var value in data)
            {
                sum ^= value;
                for (var bit = 0; bit < 8; bit++) sum = (sum & 1) == 1 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
            }
            return ~sum;
        }
    }
}

namespace System.Text.Json
{
    public sealed class JsonException : Exception { public JsonException(string message) : base(message) { } }
}

namespace System.Text.Json.Nodes
{
    public class JsonNode
    {
        internal object Value;

        public static JsonNode Parse(byte[] json) => Parse(Encoding.UTF8.GetString(json));

        public static JsonNode Parse(string json)
        {
            try
            {
                return Of(new System.Web.Script.Serialization.JavaScriptSerializer().DeserializeObject(json));
            }
            catch (ArgumentException error)
            {
                throw new JsonException(error.Message);
            }
        }

        public JsonNode this[string name]
        {
            get
            {
                var fields = Value as Dictionary<string, object>;
                if (fields == null) throw new InvalidOperationException("This is no object.");
                return fields.TryGetValue(name, out var value) ? Of(value) : null;
            }
        }

        public override string ToString() =>
            Value is bool ? ((bool)Value ? "true" : "false") : System.Convert.ToString(Value, Globalization.CultureInfo.InvariantCulture);

        internal static JsonNode Of(object value) =>
            value == null ? null : value is object[] ? new JsonArray { Value = value } : value is Dictionary<string, object> ? new JsonObject { Value = value } : new JsonNode { Value = value };
    }

    public sealed class JsonObject : JsonNode { }

    public sealed class JsonArray : JsonNode, IEnumerable<JsonNode>
    {
        public int Count => ((object[])Value).Length;
        public IEnumerator<JsonNode> GetEnumerator() => ((object[])Value).Select(Of).GetEnumerator();
        Collections.IEnumerator Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace Microsoft.AspNetCore.WebUtilities
{
    public sealed class StringValues : List<string>
    {
        public override string ToString() => string.Join(",", this);
    }

    public static class QueryHelpers
    {
        public static Dictionary<string, StringValues> ParseQuery(string text)
        {
            var fields = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
            foreach (var pair in text.TrimStart('?').Split('&').Where(pair => pair != ""))
            {
                var at = pair.IndexOf('=');
                var name = Decoded(at < 0 ? pair : pair.Substring(0, at));
                if (!fields.ContainsKey(name)) fields[name] = new StringValues();
                fields[name].Add(at < 0 ? "" : Decoded(pair.Substring(at + 1)));
            }
            return fields;
        }

        public static StringValues GetValueOrDefault(this Dictionary<string, StringValues> fields, string name) =>
            fields.TryGetValue(name, out var values) ? values : new StringValues();

        private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
    }
}
