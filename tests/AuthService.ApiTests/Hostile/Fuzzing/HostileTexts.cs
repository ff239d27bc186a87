using System.Text;
using static AuthService.ApiTests.Hostile.Fuzzing.RawRequest;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>Unusual texts, and their forms in each place of a request. One character stands for one byte.</summary>
internal static class HostileTexts
{
    /// <summary>Invalid encodings, and characters that are incomplete, forbidden, invisible or combined from many.</summary>
    private static readonly string[] Characters =
    [
        "\0", "a\0b", "\r\n", "a\r\nSet-Cookie: x=y", "\u001b[31m", "\t", "\x7f", "\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xed\xb0\x80\xed\xa0\x80",
        "\xf4\x90\x80\x80", "\xe2\x82",
        Utf8("\u0085"), Utf8("\u00a0"), Utf8("\u2028"), Utf8("\u202e"), Utf8("\ufeff"), Utf8("\ufffd"), Utf8("\uffff"), Utf8("\ufdd0"),
        Utf8("İıſẞßς"), Utf8("\u212a"),
        Utf8("e" + new string('\u0301', 200)), Utf8(new string('\ufdfa', 250)), Utf8(string.Concat(Enumerable.Repeat("\U0001F469\u200D\U0001F4BB", 100))),
    ];

    /// <summary>Texts with a meaning for code or systems behind the service.</summary>
    private static readonly string[] Meanings =
    [
        "", " ", "'", "' OR 1=1 --", "\"", "\\", "%", "_", "%00", "%s%n", "{0}", "${env:HOME}", "../../etc/passwd", "..\\..\\x",
        "<script>alert(1)</script>", "*", ",", ";", "&", "=", ".", "..",
        "null", "true", "undefined", "admin", "all:write", "special:write", "a:read,b", "x!y!z:read", "Bearer", "_", "#P_",
        "00000000-0000-0000-0000-000000000000",
        "{00000000-0000-0000-0000-000000000000}", "rt_" + new string('A', 43), "sk_" + new string('A', 43), "appsk_" + new string('A', 43), "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1", "007", "+1", "1.5", "1e2", "1e309", "-1e309", "1e-400", "0x7f", "NaN", "Infinity", "2147483647", "2147483648", "-2147483649",
        "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1000001", "86400001", "99999999999999999999999999999999999999", new('9', 1000),
        "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+14:00", "2024-02-30", "1969-12-31T23:59:59-23:59", "20240101",
    ];

    private static readonly string[] Lengths =
        [.. new[] { 65, 128, 129, 250, 251, 256, 257, 512, 1_001, 4_097, 10_240 }.Select(length => new string('x', length))];

    private static readonly string[] Values =
    [
        "null", "true", "[]", "{}", "[null]", "[[]]", "[{}]", """{"a":1,"a":2}""", """["a",1,null,{}]""", "NaN", "Infinity", "'a'", "undefined", "01",
        ".5", "1.", "+1", "1e", "0x10", "1_000",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud800\\u0041\"", "\"\\u0000\"", "\"\\uffff\"", "\"\\x\"", "\"\\u12\"", "\"a", "\"a\nb\"", "\"\\",
        "/* no */ 1", "{\"\\ud800\":1}", "{\"\":1}",
        Nested(15), Nested(16), Nested(17), Nested(1_000), Nested(20_000), new string('[', 5_000), Many("1"), Many("\"a\""), Many("{}"),
        "\"" + new string('y', 70_000) + "\"",
    ];

    private static readonly string[] All = [.. Characters, .. Meanings, .. Numbers, .. Lengths];

    public static string Any(Random random) => All[random.Next(All.Length)];

    /// <summary>Returns an unusual JSON value.</summary>
    public static string AnyJson(Random random) => random.Next(3) switch
    {
        0 => Numbers[random.Next(Numbers.Length)],
        1 => Values[random.Next(Values.Length)],
        _ => Quoted(Any(random)),
    };

    /// <summary>Returns a JSON string with escaped control characters.</summary>
    public static string Quoted(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var character in text)
            json.Append(character is '"' or '\\' ? $"\\{character}" : character < ' ' ? $"\\u{(int)character:x4}" : character.ToString());
        return json.Append('"').ToString();
    }

    /// <summary>Returns the form for a path, a query or a form field.</summary>
    public static string Escaped(string text) =>
        string.Concat(text.Select(character => char.IsAsciiLetterOrDigit(character) ? character.ToString() : $"%{(int)character:X2}"));

    /// <summary>Returns this many nested arrays.</summary>
    public static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static string Many(string value) => $"[{string.Join(',', Enumerable.Repeat(value, 5_000))}]";
}
