using System.Net;
using System.Net.Sockets;
using AuthService.Webhooks;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AuthService.UnitTests.Webhooks;

/// <summary>Webhooks may call only allowed addresses, and the connection is made to the address that was checked.</summary>
public sealed class WebhookAddressesTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2a00:1450:4001:80e::200e")]
    public void The_public_internet_is_allowed(string address) => Assert.True(Create().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.168.255.255")]
    [InlineData("192.88.99.1")]
    [InlineData("198.19.0.1")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Everything_else_is_not_unless_it_is_named(string address)
    {
        var parsed = IPAddress.Parse(address);
        var plain = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;

        var network = $"{new IPAddress(plain.GetAddressBytes())}/{(plain.AddressFamily is AddressFamily.InterNetwork ? 32 : 128)}";

        Assert.False(Create().Allows(parsed));
        Assert.True(Create(allowed: network).Allows(parsed));
    }

    [Theory]
    [InlineData("https://hooks.example.com/", false, true)]
    [InlineData("https://hooks.example.com:8443/a?b=c", false, true)]
    [InlineData("http://hooks.example.com/", true, true)]
    [InlineData("http://hooks.example.com/", false, false)]
    [InlineData("http://127.0.0.1:8080/", false, true)] // the check of the address refuses it unless a setting allows it
    [InlineData("http://10.0.0.1/", false, false)]
    [InlineData("ws://hooks.example.com/", true, false)]
    [InlineData("https://a@hooks.example.com/", true, false)]
    [InlineData("https://:@hooks.example.com/", true, false)]
    [InlineData("https://b\u00fccher.example/", false, true)]
    [InlineData("https://a\u2100b.example/", true, false)] // a/c: not a name that a resolver knows
    [InlineData("http://a\u2100b.example/", true, false)]
    public void Plain_http_is_for_development_and_the_machine_itself(string url, bool isDevelopment, bool isGood) =>
        Assert.Equal(isGood, Create(isDevelopment).FindFault(url) is null);

    /// <summary>The name resolves to an allowed address when the webhook is created, and to another at the delivery.</summary>
    [Fact]
    public async Task A_name_that_changes_after_the_check_is_refused_at_the_delivery()
    {
        var answers = new Queue<string>(["93.184.216.34", "127.0.0.1"]);
        var addresses = Create(resolver: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())]));

        Assert.True(await addresses.MayLeadToAsync(new Uri("https://hooks.example.com/")));
        await Assert.ThrowsAsync<AddressNotAllowedException>(() => addresses.ConnectAsync(new DnsEndPoint("hooks.example.com", 443), CancellationToken.None));
    }

    [Fact]
    public async Task The_connection_is_made_to_what_was_checked_and_nothing_is_resolved_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var resolved = 0;
        var addresses = Create(allowed: "127.0.0.1/32", resolver: (_, _) => Task.FromResult<IPAddress[]>(
            Interlocked.Increment(ref resolved) is 1 ? [IPAddress.Loopback] : [IPAddress.Parse("127.0.0.2")]));

        await using var stream = await addresses.ConnectAsync(
            new DnsEndPoint("hooks.example.com", ((IPEndPoint)listener.LocalEndpoint).Port), CancellationToken.None);
        using var accepted = await listener.AcceptTcpClientAsync();

        Assert.Equal(1, resolved);
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)accepted.Client.LocalEndPoint!).Address);
    }

    [Fact]
    public async Task One_address_inside_among_others_is_enough_to_refuse_a_name()
    {
        var addresses = Create(resolver: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.1")]));

        Assert.False(await addresses.MayLeadToAsync(new Uri("https://hooks.example.com/")));
        await Assert.ThrowsAsync<AddressNotAllowedException>(() => addresses.ConnectAsync(new DnsEndPoint("hooks.example.com", 443), CancellationToken.None));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_may_do_so_later()
    {
        var addresses = Create(resolver: (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));

        Assert.True(await addresses.MayLeadToAsync(new Uri("https://hooks.example.com/")));
        await Assert.ThrowsAsync<SocketException>(() => addresses.ConnectAsync(new DnsEndPoint("hooks.example.com", 443), CancellationToken.None));
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("::ffff:10.0.0.0/104", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("10.0.0.1/8", true)]
    [InlineData("internal", false)]
    public void A_network_that_is_none_is_told(string network, bool isGood) =>
        Assert.Equal(isGood, new WebhookOptionsValidator().Validate(name: null, new WebhookOptions { AllowedNetworks = { network } }).Succeeded);

    private static WebhookAddresses Create(bool isDevelopment = false, string? allowed = null, NameResolver? resolver = null)
    {
        var options = new WebhookOptions();
        if (allowed is not null)
            options.AllowedNetworks.Add(allowed);
        return new WebhookAddresses(
            new FixedOptions<WebhookOptions>(options), new Environment(isDevelopment ? Environments.Development : Environments.Production),
            resolver ?? ((_, _) => throw new InvalidOperationException("Nothing is resolved here")));
    }

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
