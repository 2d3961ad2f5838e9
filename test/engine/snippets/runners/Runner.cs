using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;

/// <summary>Has receivers judge requests: mono runner.exe requests.txt, one answer on a line of its own.</summary>
public static class Runner
{
    public static void Main(string[] arguments)
    {
        foreach (var line in File.ReadAllLines(arguments[0]))
        {
            var fields = line.Split('\t');
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var field in Text(fields[3]).Split('\n').Where(field => field != ""))
            {
                var at = field.IndexOf(':');
                headers[field.Substring(0, at)] = field.Substring(at + 1);
            }
            Func<string, string> header = name => headers.TryGetValue(name, out var value) ? value : "";
            var known = new Dictionary<string, object>
            {
                ["method"] = fields[1],
                ["target"] = fields[2],
                ["headers"] = header,
                ["body"] = System.Convert.FromBase64String(fields[4]),
                ["secrets"] = fields[5].Split(',').Select(Text).ToArray(),
            };
            var refusalOf = Type.GetType(fields[0]).GetMethod("RefusalOf", BindingFlags.Public | BindingFlags.Static);
            try
            {
                var refusal = refusalOf.Invoke(null, refusalOf.GetParameters().Select(parameter => known[parameter.Name]).ToArray());
                Console.WriteLine(refusal ?? "genuine");
            }
            catch (TargetInvocationException error)
            {
                Console.WriteLine("threw " + error.InnerException.Message.Split('\n')[0]);
            }
        }
    }

    private static string Text(string field) => Encoding.UTF8.GetString(System.Convert.FromBase64String(field));
}
