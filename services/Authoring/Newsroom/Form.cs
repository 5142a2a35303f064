using System.Net;
using System.Text;
using Microsoft.Net.Http.Headers;
using Vigil.Hosting;

namespace Vigil.Authoring.Newsroom;

/// <summary>What stands in a form, by the names of the API's members: as a browser sent it, or as a page first shows it.</summary>
public sealed class Form(IReadOnlyDictionary<string, IReadOnlyList<string>> fields)
{
    const int MostFields = 1000;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Form Empty { get; } = new(new Dictionary<string, IReadOnlyList<string>>());

    public static async ValueTask<Form> BindAsync(HttpContext http)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || type.MediaType != "application/x-www-form-urlencoded")
            throw new RefusedException(new Fault("request.not-form"));
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var pairs = Encoding.Latin1.GetString(body.ToArray()).Split('&', StringSplitOptions.RemoveEmptyEntries);
        if (pairs.Length > MostFields) throw new RefusedException(new Fault("request.malformed"));
        return new(pairs.Select(p => p.Split('=', 2)).Select(p => (Name: Decode(p[0]), Value: p.Length > 1 ? Decode(p[1]) : ""))
            .GroupBy(f => f.Name, f => f.Value).ToDictionary(f => f.Key, f => (IReadOnlyList<string>)[.. f]));
    }

    /// <summary>As the URL standard says of forms, but for bytes that are no text: the framework's own reader lets those pass as something else.</summary>
    static string Decode(string sent)
    {
        var bytes = Encoding.Latin1.GetBytes(sent);
        try { return Lines(Strict.GetString(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length))); }
        catch (DecoderFallbackException) { throw new RefusedException(new Fault("request.malformed")); }
    }

    /// <summary>Browsers end lines as forms do; texts end them as texts do.</summary>
    public static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    public IEnumerable<string> Names => fields.Keys;
    public IReadOnlyList<string> All(string name) => fields.GetValueOrDefault(name) ?? [];
    public string this[string name] => All(name) is [.., var last] ? last : "";

    /// <summary>The version that was seen, and the key that makes a doubled click one command.</summary>
    public string Version => this["version"];
    public string Key => this["key"];
    public string Pressed => this["do"];

    public Form With(string name, params IReadOnlyList<string> values) => new(new Dictionary<string, IReadOnlyList<string>>(fields) { [name] = values });

    /// <summary>For the next try: with the version that is newest now, under a key of its own.</summary>
    public Form Afresh(long version) => With("version", $"{version}").With("key", $"{Guid.NewGuid()}");

    public static Form Fresh(long? version = null) => Empty.With("version", $"{version}").With("key", $"{Guid.NewGuid()}");

    /// <summary>A name that the form does not have is refused.</summary>
    public void MustBe(Func<string, bool> known)
    {
        if (!fields.Keys.All(name => name is "version" or "key" or "do" || known(name))) throw new RefusedException(new Fault("request.unknown-field"));
    }
}
