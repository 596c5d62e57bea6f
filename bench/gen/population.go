package gen

// Who exists and on which instances, in closed form. People are numbered from
// 0: first those with server accounts, then those with a cloud account alone.

const (
	// instancesOf gives person p accounts on instancesOf[p%10] instances: 22
	// accounts for ten people.
	instancesOf = "1111222345"
	// cloudPeople are the people of each ten who also have a cloud account.
	// They hold 11 of the 22 server accounts.
	cloudPeople = "0479"

	tenPeoplesAccounts = 22
)

// population says how many people of which sort there are.
type population struct {
	size   int // server accounts, all instances together
	people int // people with a server account
	cloud  int // cloud accounts
	both   int // people with both
}

func newPopulation(size int) population {
	people := size / tenPeoplesAccounts * 10
	for rest := size % tenPeoplesAccounts; rest > 0; people++ {
		rest -= int(instancesOf[people%10] - '0')
	}
	cloud := size / 5
	return population{size: size, people: people, cloud: cloud, both: min(cloud, people/10*len(cloudPeople))}
}

// instances is the number of instances person p has an account on; the last
// person gets what is left, so that the total is the size asked for.
func (n population) instances(p int) int {
	before := p / 10 * tenPeoplesAccounts
	for i := range p % 10 {
		before += int(instancesOf[i] - '0')
	}
	return min(int(instancesOf[p%10]-'0'), n.size-before)
}

// isOn says whether person p has an account on instance i: the instances of a
// person are start, start+step, … around the circle, and step has an inverse.
func (n population) isOn(p, i int) bool {
	inverses := [...]int{1, 7, 3, 9, 11, 17, 13, 19} // of the steps 1, 3, 7, … 19, modulo 20
	start := draw(Instances, firstInstance, p, 0)
	inverse := inverses[draw(len(inverses), stepToNextInstance, p, 0)]
	return (i-start+Instances)*inverse%Instances < n.instances(p)
}

// cloudPerson is the person of cloud account c.
func (n population) cloudPerson(c int) int {
	if c < n.both {
		return c/len(cloudPeople)*10 + int(cloudPeople[c%len(cloudPeople)]-'0')
	}
	return n.people + c - n.both
}

// anyCloudPerson is some person with a cloud account, anyServerPerson some
// person with a server account and none in the cloud.
func (n population) anyCloudPerson(t trait, of int) int {
	return n.cloudPerson(draw(n.cloud, t, of, 0))
}

func (n population) anyServerPerson(t trait, of int) int {
	const serverPeople = "123568"
	ten := draw(n.people/10, t, of, 0)
	return ten*10 + int(serverPeople[draw(len(serverPeople), t, of, 1)]-'0')
}

// shuffled visits 0 to n-1 once each in an order that has nothing to do with
// the numbers; another salt is another order.
func shuffled(n, salt int, visit func(int) error) error {
	stride := int(float64(n)*0.6180339887) | 1
	for greatestCommonDivisor(stride, n) != 1 {
		stride += 2
	}
	at := draw(n, startOfShuffle, salt, 0)
	for range n {
		if err := visit(at); err != nil {
			return err
		}
		at = (at + stride) % n
	}
	return nil
}

func greatestCommonDivisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
