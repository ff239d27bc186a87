using AuthService.Api.Http.Callers;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

public sealed class DeviceReadingTests
{
    private const string Mozilla = "Mozilla/5.0 ";

    [Theory]
    [InlineData("(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Desktop", "Firefox on Linux")]
    [InlineData("(Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Desktop", "Firefox on Windows")]
    [InlineData("(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Desktop", "Chrome on Windows")]
    [InlineData("(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Desktop",
        "Edge on Windows")]
    [InlineData("(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 OPR/122.0.0.0", "Desktop",
        "Opera on Windows")]
    [InlineData("(Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Desktop", "Internet Explorer on Windows")]
    [InlineData("(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Desktop", "Safari on macOS")]
    [InlineData("(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Desktop", "Chrome on macOS")]
    [InlineData("(X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Desktop", "Chrome on ChromeOS")]
    public void A_browser_on_a_computer_is_named_with_its_system(string userAgent, string type, string name) =>
        Assert.Equal(new Device(type, name), DeviceReading.Read(Mozilla + userAgent));

    [Theory]
    [InlineData("(iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Mobile",
        "Safari on iPhone")]
    [InlineData("(iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 Mobile/15E148 Safari/604.1", "Mobile",
        "Chrome on iPhone")]
    [InlineData("(iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "Mobile",
        "Firefox on iPhone")]
    [InlineData("(Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", "Mobile", "Chrome on Android")]
    [InlineData("(Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Mobile", "Firefox on Android")]
    [InlineData("(Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Mobile",
        "Samsung Internet on Android")]
    [InlineData("(Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Tablet", "Chrome on Android")]
    [InlineData("(Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0", "Tablet", "Firefox on Android")]
    [InlineData("(iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1", "Tablet",
        "Safari on iPad")]
    public void Phones_and_tablets_are_told_apart(string userAgent, string type, string name) =>
        Assert.Equal(new Device(type, name), DeviceReading.Read(Mozilla + userAgent));

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 "
        + "(compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData("Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)")]
    public void A_crawler_is_a_bot_whatever_it_claims_to_run_on(string userAgent) => Assert.Equal("Bot", DeviceReading.Read(userAgent).Type);

    [Theory]
    [InlineData("Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", "Mobile")]
    public void A_phone_whose_maker_sounds_like_a_bot_is_a_phone(string userAgent, string type) => Assert.Equal(type, DeviceReading.Read(userAgent).Type);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Probe/1.0")]
    [InlineData("\u0000\uFFFF<script>")]
    public void What_is_not_known_is_unknown(string? userAgent) => Assert.Equal(new Device("Unknown", "Unknown device"), DeviceReading.Read(userAgent));

    [Theory]
    [InlineData("curl/8.5.0", "Unknown", "curl")]
    [InlineData("PostmanRuntime/7.43.0", "Unknown", "Postman")]
    [InlineData("Something/1.0 (Windows NT 10.0)", "Desktop", "Unknown browser on Windows")]
    public void Half_of_it_is_named_when_only_half_is_known(string userAgent, string type, string name) =>
        Assert.Equal(new Device(type, name), DeviceReading.Read(userAgent));

    [Fact]
    public void The_longest_user_agent_that_is_kept_is_read_too() =>
        Assert.Equal("Unknown", DeviceReading.Read(new string('(', 512)).Type);
}
